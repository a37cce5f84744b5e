import ArgumentParser
import CommandLineKit
import NestorCore

/// A command that works with libvirt, shows on a terminal how far it is, and prints a result.
protocol HypervisorCommand: AsyncParsableCommand, Sendable {
  /// How libvirt is reached.
  var connection: ConnectionOptions { get }
  /// Whether it only looks, which users may who may not change anything.
  static var isReadOnly: Bool { get }
  /// What it does when it is asked to end.
  static var interruption: InterruptionPolicy { get }
  /// Refuses input that is wrong in any case, before libvirt is reached; throws what `run` would throw.
  func check() throws
  /// Does the work; returns what goes to standard output. Throws ``BatchFailure`` where only some went well.
  func run(_ hypervisor: Hypervisor) async throws -> String
}

extension HypervisorCommand {
  static var isReadOnly: Bool { false }
  static var interruption: InterruptionPolicy { .endsAtOnce }

  func check() throws {}

  func run() async throws {
    try check()
    let line = ProgressLine()
    defer { line.end() }
    let hypervisor = try await connection.hypervisor(readOnly: Self.isReadOnly, line: line)
    do {
      let text =
        switch Self.interruption {
        case .endsAtOnce: try await run(hypervisor)
        case .cancels: try await SignalHandling.cancelling { try await run(hypervisor) }
        case .finishes: try await SignalHandling.finishing(line) { try await run(hypervisor) }
        }
      line.end()
      Terminal.print(text)
    } catch let failure as BatchFailure {
      line.end()
      try failure.report()
    }
  }
}
