import ArgumentParser
import Foundation
import NestorCore
import NestorSupport
import NestorTestSupport
import Testing

@testable import NestorCommands

/// The commands as they are parsed, run on libvirt's test driver, with what they print.
@Suite("Commands about guests")
struct HypervisorCommandTests {
  private let scratch: ScratchState
  private let hypervisor: Hypervisor

  init() async throws {
    scratch = try ScratchState()
    let guests = ["web", "db"].enumerated().map { index, name in
      """
      <domain type='test'><name>\(name)</name><uuid>6695eb01-f6a4-8304-79aa-97f2502e19a\(index)</uuid>
      <memory>65536</memory><vcpu>2</vcpu><os><type arch='x86_64'>hvm</type></os>
      <devices><disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/nowhere/\(name)'/>
      <target dev='vda' bus='virtio'/></disk>
      <interface type='network'><mac address='52:54:00:00:00:0\(index)'/><source network='lab'/></interface></devices>
      </domain>
      """
    }
    let node = try scratch.write("node.xml", "<node>\(guests.joined())</node>")
    hypervisor = try await Hypervisor.connect("test://\(node)", state: scratch.state)
  }

  /// What a command line prints.
  private func output(_ words: String...) async throws -> String { try await output(words) }

  private func output(_ words: [String]) async throws -> String {
    let command = try #require(try NestorCommand.parseAsRoot(words) as? any HypervisorCommand, "\(words)")
    try command.check()
    return try await command.run(hypervisor)
  }

  @Test("list guests as a table, as JSON, as YAML and by their names")
  func list() async throws {
    let table = try await output("list")
    // The test driver has no numbers of a guest's CPUs and memory.
    #expect(
      table == """
        NAME  STATUS   CPUS  MEMORY  TEMPLATE
        db    running  0     0 B     -
        web   running  0     0 B     -

        """)
    #expect(try await output("list", "-q") == "db\nweb\n")
    #expect(try await output("list", "--format", "json").contains("\"name\" : \"web\""))
    #expect(try await output("list", "--format", "yaml").contains("name: web\n"))
  }

  @Test("take, show, revert to and delete snapshots")
  func snapshots() async throws {
    #expect(try await output("snapshot", "create", "web", "one", "--with", "db") == "one\n")
    #expect(try await output("snap", "create", "web", "two", "--description", "later") == "two\n")
    #expect(try await output("snapshot", "list", "web", "-q") == "one\ntwo\n")
    let rows = try await output("snapshot", "ls", "web").split(separator: "\n")
    #expect(
      rows.count == 3 && rows[0].hasPrefix("NAME    CREATED") && rows[2].hasPrefix("└─ two")
        && rows[2].hasSuffix("later"))
    #expect(try await output("snapshot", "info", "web", "two").contains("PARENT:       one\n"))
    #expect(try await output("snapshot", "revert", "web", "one", "--with", "db", "--paused") == "web\ndb\n")
    #expect(try await hypervisor.list().map(\.status) == [.paused, .paused])
    #expect(try await output("snapshot", "prune", "web", "--keep", "1", "--dry-run") == "one\n")
    #expect(try await output("snapshot", "delete", "web", "one", "--children") == "one\ntwo\n")
    #expect(try await output("snapshot", "list", "web", "-q") == "")
    let error = await #expect(throws: NestorError.self) { try await self.output("snapshot", "info", "db", "on") }
    #expect(error?.code == .notFound && error?.hint == "did you mean 'one'?")
  }

  @Test("suspend, resume, stop, start and delete each of the guests that are named, and print those names")
  func lifeCycle() async throws {
    for (words, state) in [
      (["suspend"], "paused"), (["resume"], "running"), (["stop", "--force"], "shut off"), (["start"], "running"),
    ] {
      #expect(try await output(words + ["web", "db"]) == "web\ndb\n", "\(words)")
      #expect(try await hypervisor.list().map(\.status.rawValue) == [state, state], "\(words)")
    }
    let before = try await hypervisor.guest("web").xml()
    #expect(try await output("restart", "--force", "web", "web") == "web\n")
    #expect(try await hypervisor.guest("web").xml().prefix(80) != before.prefix(80), "it has another ID")
    #expect(try await output("rm", "web", "--force") == "web\n")
    #expect(try await output("list", "-q") == "db\n")
  }

  @Test("try all guests, and end with the failures beside the names of the others")
  func someFail() async throws {
    let failure = await #expect(throws: BatchFailure.self) { try await self.output("suspend", "wep", "db", "never") }
    #expect(failure?.text == "db\n" && failure?.failures.count == 2)
    #expect(failure?.failures.allSatisfy { ($0 as? NestorError)?.code == .notFound } == true)
    #expect(try await output("list", "--running").contains("db    paused"))
  }

  @Test("show what is known of one guest as an object, of several as a list, and tell of those that are not there")
  func info() async throws {
    let both = try await output("info", "web", "db", "web")
    #expect(both.components(separatedBy: "\n\nName:").count == 2, "\(both)")
    #expect(both.contains("web") && both.contains("db"))
    #expect(try await output("info", "-q", "web", "db") == "web\ndb\n")
    #expect(try await output("info", "web", "--format", "json").hasPrefix("{"))
    #expect(try await output("info", "web", "db", "--format", "json").hasPrefix("["))
    for (format, begin) in [("table", "Name:"), ("json", "[")] {
      let failure = await #expect(throws: BatchFailure.self) {
        try await self.output("info", "never", "db", "--format", format)
      }
      #expect(failure?.text.hasPrefix(begin) == true && failure?.text.contains("db") == true)
      #expect(failure?.failures.count == 1)
    }
    let none = await #expect(throws: BatchFailure.self) { try await self.output("ps", "web", "never") }
    #expect(none?.failures.map { ($0 as? NestorError)?.code } == [.unsupported, .notFound])
  }

  @Test("show disks, NICs and XML")
  func parts() async throws {
    #expect(try await output("disk", "list", "web", "-q") == "vda\n")
    #expect(try await output("disk", "list", "web").contains("/nowhere/web"))
    #expect(try await output("nic", "list", "web", "-q") == "52:54:00:00:00:00\n")
    #expect(try await output("nic", "ls", "web").contains("lab"))
    #expect(try await output("xml", "web").hasPrefix("<domain type='test'"))
  }

  @Test("change settings, and say what holds when")
  func settings() async throws {
    let rows = try await output("set", "web", "--description", "the front").split(separator: "\n")
    #expect(rows.count == 2 && rows[0].hasPrefix("SETTING") && rows[1].contains("the front"), "\(rows)")
    #expect(try await output("xml", "web", "--inactive").contains("<description>the front</description>"))
  }

  @Test(
    "refuse what is wrong in any case before libvirt is reached",
    arguments: [
      (["clone", "web", "../x"], NestorError.Code.invalidName), (["rename", "web", "a:b"], .invalidName),
      (["set", "web", "--memory", "much"], .invalidArgument),
      (["disk", "add", "web", "--size", "big"], .invalidArgument),
      (["nic", "add", "web", "lab", "--mtu", "x"], .invalidArgument),
      (["network", "create", "a/b"], .invalidName),
    ])
  func check(words: [String], code: NestorError.Code) async throws {
    let words = words + ["--connect", "test:///nowhere/node.xml"]
    let command = try #require(try NestorCommand.parseAsRoot(words) as? any HypervisorCommand, "\(words)")
    let error = await #expect(throws: NestorError.self) { try await command.run() }
    #expect(error?.code == code, "\(words): \(String(describing: error))")
  }

  @Test(
    "refuse a command line that makes no sense, with the exit status of that",
    arguments: [
      ["snapshot", "create", "web", "--quiesce"], ["snapshot", "revert", "web", "a", "--running", "--paused"],
      ["snapshot", "prune", "web"], ["snapshot", "prune", "web", "--keep", "-1"], ["clone", "web"],
      ["clone", "web", "a", "--count", "2"], ["clone", "web", "--count", "0"], ["set", "web"], ["disk", "add", "web"],
      ["nic", "add", "web"], ["nic", "link", "web", "0", "sideways"], ["network", "create", "a", "--nat", "--route"],
      ["sync-clock"], ["sync-clock", "--all", "web"], ["list", "--format", "xml"], ["stop"], ["renew"],
      ["renew", "web", "--copied"], ["renew", "--keep", "--force"], ["rename", "web"], ["never"],
    ])
  func usage(words: [String]) {
    let error = #expect(throws: (any Error).self) { try NestorCommand.parseAsRoot(words) }
    #expect(error.map { NestorCommand.exitCode(for: $0).rawValue } == 64, "\(words)")
  }

  @Test("that only look need no right to change anything, and those that are ended in the middle say how")
  func kinds() throws {
    let looking = [
      "list", "snapshot list a", "snapshot info a b", "disk list a", "nic list a", "network list", "xml a",
    ]
    for words in looking {
      let command =
        try NestorCommand.parseAsRoot(words.split(separator: " ").map(String.init)) as? any HypervisorCommand
      #expect(command.map { type(of: $0).isReadOnly } == true, "\(words)")
    }
    for (words, interruption) in [
      ("snapshot create a", InterruptionPolicy.finishes), ("snapshot revert a b", .finishes),
      ("snapshot delete a b", .cancels),
      ("snapshot prune a --keep 1", .cancels), ("clone a b", .cancels), ("rename a b", .finishes),
      ("renew a", .finishes), ("save a", .cancels),
      ("stop a", .endsAtOnce),
      ("start a", .endsAtOnce), ("restart a", .endsAtOnce), ("suspend a", .endsAtOnce), ("resume a", .endsAtOnce),
      ("delete a", .endsAtOnce), ("set a --cpus 2", .endsAtOnce), ("disk add a --size 1GiB", .endsAtOnce),
      ("disk remove a vdb", .endsAtOnce), ("nic add a b", .endsAtOnce), ("nic remove a 0", .endsAtOnce),
      ("nic link a 0 up", .endsAtOnce), ("network create a", .endsAtOnce), ("network start a", .endsAtOnce),
      ("network stop a", .endsAtOnce), ("network delete a", .endsAtOnce), ("sync-clock a", .endsAtOnce),
    ] {
      let command =
        try NestorCommand.parseAsRoot(words.split(separator: " ").map(String.init)) as? any HypervisorCommand
      #expect(command.map { type(of: $0).interruption } == interruption, "\(words)")
      #expect(command.map { type(of: $0).isReadOnly } == false, "\(words)")
    }
  }
}
