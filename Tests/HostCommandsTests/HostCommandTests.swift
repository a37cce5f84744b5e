import ArgumentParser
import CommandLineKit
import NestorSupport
import Testing

@testable import HostCommands
@testable import HostSetup

@Suite("The host's commands")
struct HostCommandTests {
  @Test(
    "refuse a command line that makes no sense, with the exit status of that",
    arguments: [
      ["never"], ["apply", "extra"], ["plan", "--format", "xml"], ["plan", "--engine", "docker"], ["launch"],
      ["launch", "a", "b"], ["launch", "a", "-P", "nothing"], ["launch", "a", "--timeout", "0"],
      ["launch", "a", "--timeout", "0.5"], ["launch", "a", "--timeout", "x"], ["prepare"], ["exec"],
      ["exec", "--odd", "lab", "--", "ls"], ["exec", "lab"], ["exec", "lab", "ls"], ["exec", "lab", "--"], ["shell"],
      ["delete"], ["list", "x"],
      ["image", "build", "--rebuild", "x"], ["undo", "lab"],
    ])
  func usage(words: [String]) {
    let error = #expect(throws: (any Error).self) { try HostCommand.parseAsRoot(words) }
    #expect(error.map { HostCommand.exitCode(for: $0).rawValue } == 64, "\(words)")
  }

  @Test("leave to what was chosen before what is not chosen now")
  func choices() throws {
    let none = try #require(try HostCommand.parseAsRoot(["apply"]) as? ApplyCommand).options.choices
    #expect(none.profile == "nestor" && none.pool == nil && none.memory == nil && none.extras == [])
    let words = [
      "plan", "--profile", "p", "--pool", "q", "--pool-driver", "zfs", "--network", "n", "--subnet", "10.9.0.1/24",
      "--cpus", "0-3", "--memory", "50%", "--processes", "900", "--with", "vfio-7", "--with", "hugepages",
    ]
    let all = try #require(try HostCommand.parseAsRoot(words) as? PlanCommand).options.choices
    #expect([all.profile, all.pool, all.poolDriver, all.network] == ["p", "q", "zfs", "n"])
    #expect([all.subnet, all.cpus, all.memory, all.processes] == ["10.9.0.1/24", "0-3", "50%", "900"])
    #expect(all.extras == ["vfio-7", "hugepages"])
  }

  @Test("pass on to a container what stands behind the two hyphens, whatever it looks like")
  func exec() throws {
    let words = ["exec", "--project", "p", "lab", "--", "ls", "--help", "--", "-x"]
    let command = try #require(try HostCommand.parseAsRoot(words) as? ExecCommand)
    #expect(command.daemon.project == "p" && command.words == ["lab", "--", "ls", "--help", "--", "-x"])
  }

  @Test("show containers as a table, as JSON and by their names")
  func containers() throws {
    let rows = [
      ContainerSummary(name: "lab", status: "Running", state: "ready", guests: ["a", "b"], addresses: ["10.0.0.7"]),
      ContainerSummary(name: "off", status: "Stopped", state: "incomplete", guests: [], addresses: []),
    ].map(ContainerRow.init)
    #expect(
      try Renderer(format: .table).text(rows) == """
        NAME  STATUS   PREPARED    GUESTS  ADDRESS
        lab   Running  ready       a b     10.0.0.7
        off   Stopped  incomplete  -       -

        """)
    #expect(try Renderer(format: .table, quiet: true).text(rows) == "lab\noff\n")
    let json = try Renderer(format: .json).text(rows)
    #expect(json.contains("\"guests\" : [\n") && json.contains("\"status\" : \"Stopped\""), "\(json)")
  }
}
