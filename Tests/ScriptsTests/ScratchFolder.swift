import Foundation
import TestSupport

/// A folder of a test's own, gone when nobody has it any more.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("nestor-scripts-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file in it.
  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
  }

  /// The text of a file in it; empty where there is none.
  func read(_ name: String) -> String {
    String(decoding: FileManager.default.contents(atPath: "\(path)/\(name)") ?? Data(), as: UTF8.self)
  }

  /// Starts a program with variables besides the usual ones.
  func start(_ command: [String], _ variables: [String: String] = [:]) throws -> RunningProgram {
    var environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "HOME": path, "LC_ALL": "C.UTF-8"]
    environment.merge(variables) { $1 }
    return try RunningProgram(
      ["/usr/bin/env"] + command, environment: environment, files: "\(path)/.output-\(UUID().uuidString)")
  }

  /// Runs a program to its end.
  func run(_ command: [String], _ variables: [String: String] = [:]) async throws -> ProgramResult {
    let program = try start(command, variables)
    program.closeInput()
    return try await program.wait()
  }
}
