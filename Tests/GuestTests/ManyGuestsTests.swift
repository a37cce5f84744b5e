import Foundation
import TestSupport
import Testing

extension GuestTier {
  /// Many guests, and many programs, at once.
  @Suite("Many at once")
  struct ManyGuestsTests {
    private static let names = (1...20).map { "g\($0)" }

    /// Each with two NICs, of a network that is defined and never needed to run, since the links carry nothing.
    private static func template(_ lab: Lab) throws -> String {
      try lab.plainTemplate("many", "networks: [{network: default}, {network: default}]\ncpu: {model: qemu64}")
    }

    @Test("Twenty guests, made and started by one command, are all there, and no two share anything", .notInGate)
    func oneCommand() async throws {
      try await Lab.with("twenty-one", network: true) { lab in
        let template = try Self.template(lab)
        let made = try await lab.nestor(["create", template] + Self.names)
        #expect(made.status == 0 && made.lines == Self.names, "\(made)")
        let started = try await lab.nestor(["start"] + Self.names)
        #expect(started.status == 0 && started.lines == Self.names, "\(started)")
        try await Self.expectAll(lab)
        let deleted = try await lab.nestor(["delete", "--force"] + Self.names)
        #expect(deleted.status == 0 && deleted.lines == Self.names, "\(deleted)")
        try await lab.expectNothingLeft()
      }
    }

    @Test(
      "Twenty programs at once, each with a guest of its own, do as well; twenty with the same guest make one",
      .notInGate)
    func twentyPrograms() async throws {
      try await Lab.with("twenty-twenty", network: true) { lab in
        let template = try Self.template(lab)
        let results = try await Self.together(Self.names.map { ["run", template, $0] }, lab)
        for result in results { #expect(result.status == 0, "\(result)") }
        try await Self.expectAll(lab)
        let deletions = try await Self.together(Self.names.map { ["delete", "--force", $0] }, lab)
        for result in deletions { #expect(result.status == 0, "\(result)") }
        try await lab.expectNothingLeft()

        let same = try await Self.together(Array(repeating: ["run", template, "same"], count: 20), lab)
        for result in same { #expect(result.status == 0 && result.output == "same\n", "\(result)") }
        #expect(try await lab.domains() == ["same"])
        let folders = try lab.files().filter { $0.hasPrefix("state/guests/") && $0.split(separator: "/").count == 3 }
        #expect(folders.count == 1, "\(folders)")
        let ends = try await Self.together(Array(repeating: ["delete", "--force", "same"], count: 10), lab)
        #expect(ends.count { $0.status == 0 } == 1 && ends.count { $0.status == 66 } == 9, "\(ends)")
        try await lab.expectNothingLeft()
      }
    }

    @Test("Of several names one bad one does not keep the others back, and the status says that something failed")
    func oneBad() async throws {
      try await Lab.with("one-bad") { lab in
        let template = try lab.plainTemplate()
        try await lab.virsh("define", try lab.domainFile("taken"))
        let made = try await lab.nestor("create", template, "a", "taken", "b")
        #expect(made.status == 75 && made.output == "a\nb\n", "\(made)")
        #expect(made.errors.contains("'taken' exists already: it was not made by nestor"))
        let started = try await lab.nestor("start", "a", "nobody", "b", "nothing")
        #expect(started.status == 66 && started.output == "a\nb\n", "\(started)")
        #expect(started.errors.contains("'nobody'") && started.errors.contains("'nothing'"))
        let deleted = try await lab.nestor("delete", "a", "nobody", "taken")
        #expect(deleted.status == 1 && deleted.output == "taken\n", "two failures of two kinds: \(deleted)")
        #expect(deleted.errors.contains("'a' is running") && deleted.errors.contains("'nobody'"))
        let stopped = try await lab.nestor("stop", "--force", "a", "a", "b")
        #expect(stopped.status == 0 && stopped.output == "a\nb\n", "each name counts once: \(stopped)")
        try await lab.succeed("delete", "a", "b")
        try await lab.expectNothingLeft()
      }
    }

    private static func together(_ commands: [[String]], _ lab: Lab) async throws -> [ProgramResult] {
      let programs = try commands.map { try lab.start($0) }
      for program in programs { program.closeInput() }
      var results: [ProgramResult] = []
      for program in programs { results.append(try await program.wait()) }
      return results
    }

    private static func expectAll(_ lab: Lab) async throws {
      let rows = try await lab.succeed("list", "--format", "json").json([GuestRow].self)
      #expect(rows.map(\.name) == names.sorted())
      #expect(rows.allSatisfy { $0.status == "running" && $0.template == "many" }, "\(rows)")
      #expect(Set(rows.map(\.uuid)).count == 20)
      let details = try await lab.nestor(["info", "--format", "json"] + names).json([GuestDetails].self)
      let macs = details.flatMap { $0.interfaces.compactMap(\.mac) }
      #expect(macs.count == 40 && Set(macs).count == 40)
      #expect(Set(details.flatMap(\.disks).compactMap(\.source)).count == 20)
      #expect(try lab.files().filter { $0.hasPrefix("run/locks") } == [])
    }
  }
}
