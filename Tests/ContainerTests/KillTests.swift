import Foundation
import Glibc
import TestSupport
import Testing

extension ContainerTier {
  /// The program is killed at many moments of its work; LXD goes on with what it was asked for.
  ///
  /// The moments are spread evenly over the time that the command took without a kill. NESTOR_KILL_MOMENTS says how
  /// many there are in both tests together, five unless it is set; the seed in NESTOR_TEST_SEED moves each within its part
  /// of the time.
  @Suite("Killed in the middle")
  struct KillTests {
    private static let count =
      ProcessInfo.processInfo.environment["NESTOR_KILL_MOMENTS"].flatMap { Int($0) } ?? 5

    @Test("apply and undo, killed at any moment, are finished by the next run", .notInGate)
    func apply() async throws {
      try await ContainerLab.with("kill-apply") { lab in
        let before = try await lab.objects()
        let words = ["apply"] + ContainerLab.ownObjects
        let applied = try await lab.host(words)
        try #require(applied.status == 0, "\(applied)")
        let undone = try await lab.succeed("undo")
        for moment in Self.moments(Self.count / 2, applied.seconds) {
          try await Self.kill(lab, words, after: moment)
          let comment: Comment = "seed \(SeededGenerator.seed), apply killed after \(moment) s"
          let again = try await lab.host(words)
          #expect(again.status == 0, "\(comment): \(again)")
          #expect(try await lab.succeed("plan").output == "", comment)
          try await Self.kill(lab, ["undo"], after: moment * undone.seconds / applied.seconds)
          try await lab.succeed("undo")
          #expect(try await lab.objects() == before, comment)
        }
      }
    }

    @Test("launch, killed at any moment, is finished by the next, or undone", .notInGate)
    func launch() async throws {
      try await ContainerLab.with("kill-launch") { lab in
        let before = try await lab.objects()
        let words = lab.launchWords("victim") + ["-q"]
        let whole = try await lab.host(words)
        try #require(whole.status == 0, "\(whole)")
        try await lab.succeed("undo")
        #expect(try await lab.objects() == before)
        for (index, moment) in Self.moments(Self.count - Self.count / 2, whole.seconds).enumerated() {
          try await Self.kill(lab, words, after: moment)
          let comment: Comment = "seed \(SeededGenerator.seed), launch killed after \(moment) of \(whole.seconds) s"
          if index.isMultiple(of: 2) {
            let again = try await lab.host(words)
            #expect(again.status == 0, "\(comment): \(again)")
            let list = try await lab.host("exec", "victim", "--", "nestor", "list", "-q")
            #expect(list.status == 0 && list.output == "", "\(comment): \(list)")
          }
          let undo = try await lab.host("undo")
          #expect(undo.status == 0, "\(comment): \(undo)")
          #expect(try await lab.objects() == before, comment)
        }
      }
    }

    private static func moments(_ count: Int, _ whole: Double) -> [Double] {
      var generator = SeededGenerator()
      print("NESTOR_TEST_SEED=\(SeededGenerator.seed): \(count) moments over \(whole) s")
      return (0..<count).map { index in
        let part = (Double(index) + Double.random(in: 0..<1, using: &generator)) / Double(count)
        return (part * whole * 1000).rounded() / 1000
      }
    }

    private static func kill(_ lab: ContainerLab, _ arguments: [String], after seconds: Double) async throws {
      let program = try lab.start(arguments)
      try await Task.sleep(for: .seconds(seconds))
      program.signal(SIGKILL)
      let result = try await program.wait()
      #expect([0, 128 + SIGKILL].contains(result.status), "\(result)")
    }
  }
}
