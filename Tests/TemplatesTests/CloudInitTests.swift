import Testing

@testable import Templates

@Suite("What a template says to cloud-init")
struct CloudInitTests {
  private static let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGvJ me@here"

  @Test("each key reaches the guest, and files are looked for beside the template")
  func keys() throws {
    let fixture = try TemplateFixture([
      "it.yaml": """
      cloudInit:
        hostname: web.example.org
        user: me
        shell: /bin/ash
        sshKeys: ["\(Self.key)", keys/me.pub]
        passwordHash: $6$abcdefgh$0123456789./
        packages: [nginx, "python3-pip=1.2:3~4"]
        userData: user-data
        networkConfig: /srv/network
      """
    ])
    let settings = try fixture.load("it").template.cloudInit
    #expect(settings.hostname == "web.example.org" && settings.user == "me" && settings.shell == "/bin/ash")
    #expect(settings.sshKeys == [Self.key, "\(fixture.scratch.path)/keys/me.pub"])
    #expect(settings.passwordHash == "$6$abcdefgh$0123456789./")
    #expect(settings.packages == ["nginx", "python3-pip=1.2:3~4"])
    #expect(settings.userData == "\(fixture.scratch.path)/user-data" && settings.networkConfig == "/srv/network")
  }

  @Test("one key and one package need no list, and a parameter that may be left out leaves none")
  func single() throws {
    let one = try TemplateFixture.load("cloudInit: {sshKeys: \(Self.key), packages: nginx}").template.cloudInit
    #expect(one.sshKeys == [Self.key] && one.packages == ["nginx"])
    let text = "parameters: {key: {type: path, required: false}}\ncloudInit: {sshKeys: \"${key}\"}"
    #expect(try TemplateFixture.load(text).template.cloudInit.sshKeys == [])
    #expect(try TemplateFixture.load(text, parameters: ["key": "/k.pub"]).template.cloudInit.sshKeys == ["/k.pub"])
  }

  @Test(
    "what cannot be is refused at its place, and a password is not repeated",
    arguments: [
      ("{user: Me}", "it.yaml:1:19: Expected a user's name"),
      ("{hostname: a_b}", "it.yaml:1:23: Expected a host name"),
      ("{hostname: \"a\\nb\"}", "it.yaml:1:23: The text"),
      ("{user: me, shell: bash}", "it.yaml:1:30: Expected a path"),
      ("{user: me, passwordHash: hunter2hunter2}", "it.yaml:1:37: Expected a password's hash"),
      ("{passwordHash: $6$abcdefgh$01234567}", "it.yaml:1:13: A password needs a user (add 'user')"),
      ("{password: hunter2}", "it.yaml:1:13: A password is not written in a template"),
      ("{packages: [a, \"b c\"]}", "it.yaml:1:27: Expected a package's name"),
    ])
  func refused(text: String, problem: String) throws {
    let problems = try TemplateFixture.problems("cloudInit: \(text)")
    #expect(problems.count == 1 && problems.first?.hasPrefix(problem) == true, "\(problems)")
    #expect(!problems.joined().contains("hunter2"))
  }

  private func userData(_ text: String) throws -> (keys: [String], problem: String?) {
    let scratch = try ScratchFolder()
    let path = try scratch.write("user-data", text)
    do throws(TemplateErrors) {
      let userData = try UserData(contentsOf: path)
      #expect(userData.text == text)
      return (userData.keys, nil)
    } catch {
      return ([], error.description.replacing(scratch.path + "/", with: ""))
    }
  }

  @Test("of user-data the top keys are known where it is #cloud-config, with everything that YAML has")
  func userDataKeys() throws {
    #expect(
      try userData("#cloud-config\nusers: &u [default]\nx: *u\nbinary: !!binary aGk=\n").keys == [
        "users", "x", "binary",
      ])
    #expect(try userData("#cloud-config\n").keys == [])
    #expect(try userData("#cloud-config-archive\n- type: text/x\n") == ([], nil))
    #expect(try userData("#!/bin/sh\n: }{\n") == ([], nil))
    #expect(try userData("## template: jinja\n#cloud-config\n{% if x %}\n") == ([], nil))
  }

  @Test(
    "user-data that cloud-init would pass over is refused at its place",
    arguments: [
      ("users: []\n", "user-data:1:1: cloud-init does not know what this user-data is"),
      ("", "user-data:1:1: cloud-init does not know what this user-data is"),
      ("#cloud-config\nruncmd:\n\t- a\n", "user-data:3:1: A tab cannot indent YAML"),
      ("#cloud-config\na: [1\nb: 2\n", "user-data:3:2: This is not YAML"),
      ("#cloud-config\n- a\n", "user-data:2:1: #cloud-config is a map of keys"),
      ("#cloud-config\na: 1\na: 2\n", "user-data:2:1: The key 'a' stands twice"),
    ])
  func userDataRefused(text: String, problem: String) throws {
    let found = try userData(text).problem
    #expect(found?.hasPrefix(problem) == true, "\(found ?? "nothing")")
  }

  @Test("a file of public keys gives each, and nothing else; a private key is refused")
  func publicKeys() throws {
    let scratch = try ScratchFolder()
    let good = try scratch.write("a.pub", "# mine\n\n\(Self.key)\r\nssh-rsa AAAAB3NzaC1yc2EAAAADAQAB\n")
    #expect(try PublicKeys.read(good) == [Self.key, "ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB"])
    for (text, problem) in [
      ("-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n", "1:1: This is a private key, which stays where it is"),
      ("\(Self.key)\nno key\n", "2:1: This is not a public SSH key"),
      ("# none\n", "1:1: The file holds no public key"),
    ] {
      let path = try scratch.write("b", text)
      let error = #expect(throws: TemplateErrors.self) { try PublicKeys.read(path) }
      #expect(error?.description.hasPrefix("\(path):\(problem)") == true, "\(error.map { "\($0)" } ?? "nothing")")
    }
    #expect(throws: TemplateErrors.self) { try PublicKeys.read("\(scratch.path)/none") }
  }

  @Test("a network configuration is of version 2, by itself or below `network`")
  func networkConfiguration() throws {
    let scratch = try ScratchFolder()
    for text in ["version: 2\nethernets: {}\n", "network:\n  version: 2\n"] {
      #expect(try NetworkConfiguration(contentsOf: scratch.write("n", text)).text == text)
    }
    for text in ["version: 1\n", "", "- version: 2\n", "network: 2\n", "a: ]\n"] {
      let path = try scratch.write("n", text)
      #expect(throws: TemplateErrors.self, "\(text)") { try NetworkConfiguration(contentsOf: path) }
    }
  }
}
