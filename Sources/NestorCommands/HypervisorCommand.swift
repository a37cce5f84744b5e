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
  static var interruption: Interruption { get }
  /// Refuses input that is wrong in any case, before libvirt is reached; throws what `run` would throw.
  func check() throws
  /// Does the work; returns what goes to standard output.
  func run(_ hypervisor: Hypervisor) async throws -> String
}

/// What a command does when its user, or the system that goes down, asks it to end.
enum Interruption {
  /// It ends where it is.
  case endsAtOnce
  /// It takes back what it began, and ends.
  case cancels
  /// It finishes what cannot be left in the middle, and ends.
  case finishes
}

extension HypervisorCommand {
  static var isReadOnly: Bool { false }
  static var interruption: Interruption { .endsAtOnce }

  func check() throws {}

  func run() async throws {
    try check()
    let line = ProgressLine()
    defer { line.end() }
    let hypervisor = try await connection.hypervisor(readOnly: Self.isReadOnly, line: line)
    let text =
      switch Self.interruption {
      case .endsAtOnce: try await run(hypervisor)
      case .cancels: try await SignalHandling.cancelling { try await run(hypervisor) }
      case .finishes: try await SignalHandling.finishing(line) { try await run(hypervisor) }
      }
    line.end()
    Terminal.print(text)
  }
}
