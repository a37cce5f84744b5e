import Foundation
import NestorSupport
import NestorTestSupport
import Processes
import Templates
import Testing

@testable import NestorCore

@Suite("What the seed tells cloud-init")
struct CloudInitSeedTests {
  private typealias Planned = PlannedGuest

  private static let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGvJ mé@here"

  private func settings(_ text: String, parameters: [String: String] = [:]) throws -> SeedSettings {
    let guest = try Planned("image: debian\n" + text, host: Planned.kvmWithAgent, parameters: parameters)
    guard case .noCloud(let settings)? = guest.plan.delivery?.way else {
      Issue.record("there is no seed")
      return SeedSettings(instance: "", name: "", macAddresses: [])
    }
    return settings
  }

  /// What cloud-init's own YAML would make of the part for it.
  private func configuration(_ settings: SeedSettings) throws -> NSDictionary {
    let text = try #require(settings.vendorConfiguration)
    #expect(text.hasPrefix("#cloud-config\n") && text.utf8.allSatisfy { $0 < 0x80 })
    let json = try JSONSerialization.jsonObject(with: Data(text.dropFirst("#cloud-config\n".count).utf8))
    return try #require(json as? NSDictionary)
  }

  @Test("a user with a key, a password and packages are vendor-data, in ASCII")
  func vendorConfiguration() throws {
    let hash = "$6$abcdefgh$0123456789"
    let given = try settings(
      "cloudInit: {user: me, sshKeys: \"\(Self.key)\", passwordHash: \(hash), packages: [nginx], hostname: a.example}")
    #expect(given.name == "a.example" && given.userData == "#cloud-config\n{}\n")
    let expected: NSDictionary = [
      "users": [
        [
          "name": "me", "shell": "/bin/bash", "sudo": "ALL=(ALL) NOPASSWD:ALL", "lock_passwd": false,
          "hashed_passwd": hash, "ssh_authorized_keys": [Self.key],
        ]
      ], "packages": ["nginx"], "package_update": true,
    ]
    #expect(try configuration(given) == expected)
  }

  @Test("keys without a user are for the image's own user, and a user without a password has none")
  func parts() throws {
    #expect(
      try configuration(settings("cloudInit: {sshKeys: \"\(Self.key)\"}"))
        == ["ssh_authorized_keys": [Self.key]] as NSDictionary)
    let user = try configuration(settings("cloudInit: {user: me}"))["users"] as? [NSDictionary]
    #expect(user?.first?["lock_passwd"] as? Bool == true && user?.first?["hashed_passwd"] == nil)
    #expect(try settings("cloudInit: {hostname: a}").vendorConfiguration == nil)
  }

  @Test("a password's hash that came as a parameter is not kept in the guest's XML")
  func secret() throws {
    let hash = "$6$abcdefgh$0123456789"
    let guest = try Planned(
      "image: debian\nparameters: {hash: {type: string}, user: {type: string}}\n"
        + "cloudInit: {user: \"${user}\", passwordHash: \"${hash}\"}",
      host: Planned.kvmWithAgent, parameters: ["hash": hash, "user": "me"])
    #expect(guest.plan.record.parameters == ["hash": "(not kept)", "user": "me"])
    #expect(try !guest.plan.xml.contains(hash))
  }

  @Test("user-data stays whole, and what it overrides is said")
  func userData() throws {
    let scratch = try ScratchState()
    let text = "#cloud-config\nusers: [default]\nruncmd: [[true]]\n"
    let path = try scratch.write("user-data", text)
    let network = try scratch.write("network", "version: 2\nethernets: {}\n")
    let guest = try Planned(
      "image: debian\ncloudInit:\n  userData: \(path)\n  networkConfig: \(network)\n  user: me\n  packages: a",
      host: Planned.kvmWithAgent)
    guard case .noCloud(let settings)? = guest.plan.delivery?.way else {
      Issue.record("there is no seed")
      return
    }
    #expect(settings.userData == text && settings.networkConfiguration == "version: 2\nethernets: {}\n")
    #expect(guest.plan.warnings.count == 1)
    let warning = try #require(guest.plan.warnings.first)
    #expect(warning.contains("'users' of \(path) counts") && warning.contains(":3:3: "), "\(warning)")
  }

  @Test("wrong files end in an error at their line, and a guest without cloud-init in one at the template's")
  func refused() throws {
    let scratch = try ScratchState()
    let path = try scratch.write("user-data", "#cloud-config\na: [\n")
    for text in ["userData: \(path)", "networkConfig: \(path)", "sshKeys: \(path)"] {
      let errors = #expect(throws: TemplateErrors.self) { try Planned("image: debian\ncloudInit: {\(text)}") }
      #expect(errors?.description.hasPrefix("\(path):") == true)
    }
    let kernel = try #require(try Planned.failure("cloudInit: {user: me}"))
    #expect(kernel.code == .unsupported && kernel.message.hasPrefix("it.yaml:1:12: "), "\(kernel)")
  }

  @Test("with the agent's script the template's settings are a message of two parts, as cloud-init's parser reads it")
  func message() async throws {
    let configuration = try #require(settings("cloudInit: {user: me}").vendorConfiguration)
    let text = try #require(VendorData.text(hasAgent: true, configuration: configuration))
    let scratch = try ScratchState()
    let path = try scratch.write("vendor-data", text)
    let script = """
      import email, json, sys
      message = email.message_from_file(open(sys.argv[1]))
      print(json.dumps([[p.get_content_type(), p.get_payload(decode=True).decode()] for p in message.get_payload()]))
      """
    let json = try await Program("python3", package: "python3-minimal").run(["-c", script, path])
    let parts = try JSONDecoder().decode([[String]].self, from: Data(json.utf8))
    #expect(parts.map(\.first) == ["text/cloud-boothook", "text/cloud-config"])
    #expect(parts.map(\.last) == [AgentBoothook.vendorData, configuration])
    #expect(VendorData.text(hasAgent: false, configuration: configuration) == configuration)
    #expect(VendorData.text(hasAgent: true, configuration: nil) == AgentBoothook.vendorData)
    #expect(VendorData.text(hasAgent: false, configuration: nil) == nil)
  }
}
