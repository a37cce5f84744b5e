import Foundation
import Glibc
import NestorSupport
import NestorTestSupport
import Processes
import Testing

@testable import NestorCore

@Suite("What is delivered to a guest")
struct GuestProvisioningTests {
  private static let uuid = "0b7e3a52-3c1f-4d8e-9a55-1d2c3b4a5f60"
  private let scratch: ScratchState
  private let provisioning: GuestProvisioning
  private let agent: String
  private let base: String
  private let kernel: String

  init() throws {
    scratch = try ScratchState()
    provisioning = GuestProvisioning(state: scratch.state, uuid: Self.uuid)
    agent = try scratch.write("bin/nestor-agent", "the agent")
    base = try scratch.write("initramfs", "first")
    kernel = try scratch.write("kernel", "vmlinuz")
    chmod(agent, 0o755)
    try FileTree.makeDirectory(folder, mode: 0o711)
  }

  private var state: StateDirectory { scratch.state }
  private var folder: String { state.guest(Self.uuid) }

  private var byInitramfs: GuestDelivery {
    GuestDelivery(way: .initramfs(base, kernel: kernel), agent: agent)
  }

  private func bySeed(_ agent: String?, name: String = "web_1") -> GuestDelivery {
    let settings = SeedSettings(
      instance: Self.uuid, name: name, macAddresses: ["52:54:00:00:00:01", "52:54:00:00:00:02"])
    return GuestDelivery(way: .noCloud(settings), agent: agent)
  }

  private func information(_ path: String) throws -> stat {
    var information = stat()
    try #require(lstat(path, &information) == 0, "\(path)")
    return information
  }

  private func mode(_ path: String) throws -> mode_t { try information(path).st_mode & 0o7777 }

  private func key() throws -> String { try FileTree.readText(state.agentKey(Self.uuid)) }

  /// Takes a seed apart and answers with the folder of its files.
  private func takeApart() async throws -> String {
    let target = "\(scratch.folder)/seed-\(UUID().uuidString)"
    try await Program("xorriso", package: "xorriso").run(
      ["-osirrox", "on", "-indev", state.seed(Self.uuid), "-extract", "/", target])
    return target
  }

  @Test("The key is two lines of text, different for each guest, in a file and a folder for root alone")
  func keyFile() async throws {
    try await provisioning.provision(byInitramfs)
    let lines = try key().split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 3 && lines[0] == "guest \(Self.uuid)" && lines[2] == "")
    let digits = try #require(lines[1].hasPrefix("key ") ? lines[1].dropFirst(4) : nil)
    #expect(digits.count == 64 && digits.allSatisfy { "0123456789abcdef".contains($0) })
    #expect(try mode(state.agentKey(Self.uuid)) == 0o600 && mode(state.privateFolder(Self.uuid)) == 0o700)
    let other = GuestProvisioning(state: state, uuid: "0b7e3a52-3c1f-4d8e-9a55-1d2c3b4a5f61")
    try FileTree.makeDirectory(state.guest(other.uuid))
    try await other.provision(byInitramfs)
    #expect(try FileTree.readText(state.agentKey(other.uuid)).suffix(65) != key().suffix(65))
  }

  @Test("Behind the initramfs comes, at a multiple of four bytes, an archive with agent, key and hook")
  func initramfs() async throws {
    try await provisioning.provision(byInitramfs)
    let path = state.initramfs(Self.uuid)
    #expect(try mode(path) == 0o600)
    let bytes = try FileTree.read(path)
    #expect(bytes.prefix(8) == Array("first\0\0\0".utf8)[...])
    let archive = try scratch.write("archive", "")
    try FileTree.write(bytes.dropFirst(8), to: archive)
    let root = "\(scratch.folder)/root"
    try FileTree.makeDirectory(root)
    try await Program("cpio", package: "cpio").run(["--quiet", "-idm", "-F", archive], directory: root)
    #expect(try FileTree.readText("\(root)/usr/lib/nestor/nestor-agent") == "the agent")
    #expect(try FileTree.readText("\(root)/etc/nestor/agent.key") == key())
    let modes = [
      "usr": 0o755, "usr/lib/nestor": 0o755, "usr/lib/nestor/nestor-agent": 0o755, "etc": 0o755, "etc/nestor": 0o700,
      "etc/nestor/agent.key": 0o600, "etc/nestor/init.d/50-agent": 0o755,
    ]
    for (name, expected) in modes { #expect(try Int(mode("\(root)/\(name)")) == expected, "\(name)") }
  }

  @Test("The kernel in the guest's folder is the image's own, not a copy")
  func kernelLink() async throws {
    try await provisioning.provision(byInitramfs)
    #expect(try information(state.kernel(Self.uuid)).st_ino == information(kernel).st_ino)
    // A new build replaces the image's file; the guest's changes only together with its initramfs.
    try FileTree.write(Array("newer".utf8), to: kernel)
    #expect(try FileTree.readText(state.kernel(Self.uuid)) == "vmlinuz")
    try FileTree.write(Array("newer modules".utf8), to: base)
    try await provisioning.refresh(agent: agent)
    #expect(try FileTree.readText(state.kernel(Self.uuid)) == "newer")
    #expect(try FileTree.readText(state.initramfs(Self.uuid)).hasPrefix("newer modules"))
  }

  @Test("Nothing is made anew while nothing has changed; the key never is")
  func refresh() async throws {
    try await provisioning.provision(byInitramfs)
    let (first, secret) = (try information(state.initramfs(Self.uuid)).st_ino, try key())
    try await provisioning.refresh(agent: agent)
    #expect(try information(state.initramfs(Self.uuid)).st_ino == first)
    // Same size, same age: only the file's identity tells.
    try FileTree.write(Array("new agent".utf8), to: agent, mode: 0o755)
    try await provisioning.refresh(agent: agent)
    let text = try FileTree.readText(state.initramfs(Self.uuid))
    #expect(text.contains("new agent") && !text.contains("the agent") && text.contains(secret))
    #expect(try key() == secret)
    try FileTree.remove(state.initramfs(Self.uuid))
    try await provisioning.refresh(agent: agent)
    #expect(FileTree.exists(state.initramfs(Self.uuid)))
  }

  @Test("A machine that has lost the agent's program leaves the guest the one that it has")
  func agentGone() async throws {
    try await provisioning.provision(byInitramfs)
    try FileTree.write(Array("newer".utf8), to: base)
    try await provisioning.refresh(agent: nil)
    #expect(try FileTree.readText(state.initramfs(Self.uuid)).hasPrefix("first"))
  }

  @Test("A guest to which nothing is delivered gets nothing by a refresh")
  func nothing() async throws {
    try await provisioning.refresh(agent: agent)
    #expect(try FileTree.names(in: folder) == [])
  }

  @Test("What a killed program left half written goes with the next delivery")
  func leftovers() async throws {
    try await provisioning.provision(byInitramfs)
    let names = try FileTree.names(in: folder)
    for name in ["initramfs.77.new", "kernel.new", "private/seed.new", "private/agent.key.78.new"] {
      try FileTree.write([1], to: "\(folder)/\(name)")
    }
    try FileTree.write(Array("new agent".utf8), to: agent, mode: 0o755)
    try await provisioning.refresh(agent: agent)
    #expect(try FileTree.names(in: folder) == names)
    #expect(try FileTree.names(in: state.privateFolder(Self.uuid)) == ["agent.key", "delivery.json"])
  }

  @Test("A record that cannot be read is an error that names it")
  func corrupted() async throws {
    try await provisioning.provision(byInitramfs)
    try FileTree.write([0x7b], to: "\(state.privateFolder(Self.uuid))/delivery.json")
    let error = await #expect(throws: NestorError.self) { try await provisioning.refresh(agent: agent) }
    #expect(error?.code == .corrupted && error?.cause?.hasSuffix("/private/delivery.json") == true)
  }

  @Test("The seed is a file system that cloud-init finds by its label, for QEMU's user alone")
  func seed() async throws {
    try await provisioning.provision(bySeed(agent))
    #expect(try mode(state.seed(Self.uuid)) == 0o600)
    #expect(try #require(FileTree.size(state.seed(Self.uuid))) % 512 == 0, "QEMU wants whole sectors")
    let blkid = try await Program("blkid", package: "util-linux").run(["-p", "-o", "export", state.seed(Self.uuid)])
    #expect(blkid.contains("TYPE=iso9660") && blkid.contains("LABEL=CIDATA"), "\(blkid)")
  }

  @Test("On the seed lie settings, agent and key, each with its mode and root's")
  func seedFiles() async throws {
    try await provisioning.provision(bySeed(agent))
    let listing = try await Program("xorriso", package: "xorriso").run(
      ["-indev", state.seed(Self.uuid), "-find", "/", "-type", "f", "-exec", "lsdl"])
    let modes = Dictionary(
      uniqueKeysWithValues: listing.split(separator: "\n").map { line in
        let words = line.split(separator: " ", omittingEmptySubsequences: true)
        return (String(words[words.count - 1]), words[0] + " " + words[2] + " " + words[3])
      })
    #expect(
      modes == [
        "'/agent.key'": "-rw------- 0 0", "'/meta-data'": "-rw------- 0 0", "'/nestor-agent'": "-rwxr-xr-x 0 0",
        "'/network-config'": "-rw------- 0 0", "'/user-data'": "-rw------- 0 0", "'/vendor-data'": "-rw------- 0 0",
      ])
    let files = try await takeApart()
    #expect(try FileTree.readText("\(files)/nestor-agent") == "the agent")
    #expect(try FileTree.readText("\(files)/agent.key") == key())
    #expect(try FileTree.readText("\(files)/user-data") == "#cloud-config\n{}\n")
    #expect(
      try FileTree.readText("\(files)/meta-data") == "instance-id: \"\(Self.uuid)\"\nlocal-hostname: \"web-1\"\n")
    let network = try FileTree.readText("\(files)/network-config")
    #expect(network.contains("match: {macaddress: \"52:54:00:00:00:02\"}\n    set-name: eth1\n    dhcp4: true"))
  }

  @Test(
    "To cloud-init a warm clone, and one of that, stays the machine that its source is, and another clone is a new one")
  func instanceOfClone() async throws {
    try await provisioning.provision(bySeed(agent))
    let copy = GuestProvisioning(state: state, uuid: "9d2c6f0e-0c5b-4c55-8d4e-6f1f0a7b8c9d")
    try FileTree.makeDirectory(state.guest(copy.uuid), mode: 0o711)
    func settings(_ source: GuestProvisioning, _ instance: String?) throws -> GuestDelivery {
      try #require(try source.delivery(name: "anna", instance: instance, nics: [], agent: agent))
    }
    let warm = try settings(provisioning, nil)
    try await copy.provision(warm)
    for (delivery, instance) in [
      (warm, Self.uuid), (try settings(copy, nil), Self.uuid), (try settings(copy, "new"), "new"),
    ] {
      guard case .noCloud(let seed) = delivery.way else {
        Issue.record("it has no seed")
        continue
      }
      #expect(seed.instance == instance && seed.name == "anna")
    }
  }

  @Test("The addresses of a network configuration are told from its routes and name servers")
  func fixedAddresses() async throws {
    try await provisioning.provision(bySeed(nil))
    #expect(try provisioning.fixedAddresses().isEmpty)
    let text = """
      network:
        version: 2
        ethernets:
          eth0:
            match: {macaddress: "52:54:00:00:00:01"}
            addresses: [10.83.1.5/24, "fd00:83::5/64"]
            nameservers: {addresses: [10.83.1.1]}
            routing-policy: [{from: 10.0.0.0/8, table: 100}]
            routes:
              - {to: 0.0.0.0/0, via: 10.83.1.1}
              - to: "fd00:84::/64"
                via: fd00:83::1
          eth1:
            addresses:
              - 192.0.2.7/32: {label: web}
            dhcp4: true # was 192.0.2.8/24
      """
    let path = "\(state.privateFolder(Self.uuid))/seed/network-config"
    try FileTree.write(Array(text.utf8), to: path)
    #expect(try provisioning.fixedAddresses() == ["10.83.1.5/24", "fd00:83::5/64", "192.0.2.7/32"])
  }

  @Test("An agent's program behind a link is on the seed as a file, as it is in an initramfs")
  func linkedAgent() async throws {
    let link = "\(scratch.folder)/agent"
    try #require(symlink(agent, link) == 0)
    try await provisioning.provision(bySeed(link))
    let program = try await takeApart() + "/nestor-agent"
    #expect(try information(program).st_mode & S_IFMT == S_IFREG)
    #expect(try FileTree.readText(program) == "the agent")
  }

  @Test("Without an agent the seed has settings alone, and there is no key")
  func seedWithoutAgent() async throws {
    try await provisioning.provision(bySeed(nil))
    #expect(try FileTree.names(in: try await takeApart()) == ["meta-data", "network-config", "user-data"])
    #expect(!FileTree.exists(state.agentKey(Self.uuid)))
  }

  @Test("A path with signs that mean something to mkisofs is no other path")
  func strangePath() async throws {
    let strange = try scratch.write("a=b\\c 'd'/nestor-agent", "from afar")
    try await provisioning.provision(bySeed(strange))
    #expect(try FileTree.readText("\(try await takeApart())/nestor-agent") == "from afar")
  }

  @Test("A guest with another name has it on its seed, and is the same machine to cloud-init")
  func renamed() async throws {
    try await provisioning.provision(bySeed(agent))
    let (before, key) = (try FileTree.read(state.seed(Self.uuid)), try key())
    try provisioning.rename(to: "web_1")
    try await provisioning.refresh(agent: agent)
    #expect(try FileTree.read(state.seed(Self.uuid)) == before, "it has that name already")
    try provisioning.rename(to: "www_2")
    try await provisioning.refresh(agent: agent)
    let folder = try await takeApart()
    #expect(
      try FileTree.readText("\(folder)/meta-data") == "instance-id: \"\(Self.uuid)\"\nlocal-hostname: \"www-2\"\n")
    #expect(try FileTree.readText("\(folder)/network-config").contains("52:54:00:00:00:02"))
    #expect(try FileTree.readText("\(folder)/agent.key") == key)
    #expect(try mode("\(state.privateFolder(Self.uuid))/seed/meta-data") == 0o600)
  }

  @Test("A new agent comes to the seed with the next start")
  func seedRefresh() async throws {
    try await provisioning.provision(bySeed(agent))
    let secret = try key()
    try FileTree.write(Array("new agent".utf8), to: agent, mode: 0o755)
    try await provisioning.refresh(agent: agent)
    let files = try await takeApart()
    #expect(try FileTree.readText("\(files)/nestor-agent") == "new agent")
    #expect(try FileTree.readText("\(files)/agent.key") == secret)
  }

  @Test("shellcheck finds nothing in the scripts that run in guests")
  func scripts() async throws {
    let boothook = AgentBoothook.vendorData
    #expect(boothook.hasPrefix("#cloud-boothook\n#!/bin/sh\n"))
    for (name, text) in [
      ("boothook", String(boothook.dropFirst(16))), ("hook", AgentHook.program),
      ("generalise", GeneralisingScript.text), ("clean", CleaningScript.text),
    ] {
      let path = try scratch.write(name, text)
      try await Program("shellcheck", package: "shellcheck").run(["-s", "sh", path])
    }
  }
}
