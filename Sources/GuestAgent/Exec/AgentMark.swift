import Glibc

/// Names the agent that started a program, in the program's environment, so that a later agent can tell what a killed one
/// left from what another that still runs has started: the shell, for instance, from which it was started itself.
struct AgentMark {
  private static let name = Array("NESTOR_EXEC=".utf8)

  /// This process's.
  static let own = AgentMark(process: getpid(), start: ProcessTable.startTime(of: getpid()) ?? [])

  private let process: pid_t
  private let start: [UInt8]

  private init(process: pid_t, start: [UInt8]) {
    self.process = process
    self.start = start
  }

  /// Reads an entry of an environment; nil for any other.
  init?(_ entry: some Collection<UInt8>) {
    guard entry.starts(with: Self.name) else { return nil }
    let parts = entry.dropFirst(Self.name.count).split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 2, let process = pid_t(String(decoding: parts[0], as: UTF8.self)), process > 0 else {
      return nil
    }
    self.init(process: process, start: Array(parts[1]))
  }

  /// `NAME=VALUE`.
  var entry: [UInt8] { Self.name + Array("\(process):".utf8) + start }

  /// Whether that agent is no more: its number is free, or another process's.
  var isStale: Bool { ProcessTable.startTime(of: process) != start }
}
