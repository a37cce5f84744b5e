import Foundation
import Glibc
import TestSupport

/// What all tests share: the program that was built, the templates, and a tiny image that is made once for all runs.
enum TestImages {
  /// The program: NESTOR_PROGRAM, or the one that was built beside these tests.
  static let program: String = {
    if let path = ProcessInfo.processInfo.environment["NESTOR_PROGRAM"] { return path }
    let runner = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let beside = URL(fileURLWithPath: runner).deletingLastPathComponent().appendingPathComponent("nestor").path
    return FileManager.default.isExecutableFile(atPath: beside) ? beside : "\(Repository.path)/.build/debug/nestor"
  }()

  /// The folder that the program is in.
  static let folderOfPrograms = URL(fileURLWithPath: program).deletingLastPathComponent().path

  /// The agent for guests: the release build where there is one, since that is what guests get outside of tests.
  static let agent: String = {
    let release = "\(Repository.path)/.build/release/nestor-agent"
    return FileManager.default.isExecutableFile(atPath: release) ? release : "\(folderOfPrograms)/nestor-agent"
  }()

  /// The scenarios that hold over every transport, as a program for guests.
  static let channelCheck = "\(folderOfPrograms)/channel-check"

  /// The templates that Nestor ships.
  static let templates = "\(Repository.path)/domains"

  private static let made = Task { try await make() }
  private static let madeDebian = Task {
    let state = try await folder()
    try await run(["image", "build", "debian"], state)
    return "\(state)/images/debian"
  }

  /// The folder of the Debian image, which is made once for all runs; that takes minutes.
  static func debian() async throws -> String { try await madeDebian.value }

  /// A state folder with the tiny image in `images/tiny` and the verdict on KVM in `run`.
  static func folder() async throws -> String { try await made.value }

  private static func make() async throws -> String {
    let folder = "\(Repository.path)/.build/test-images"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // The second makes nothing, but leaves the verdict on KVM.
    for arguments in [["image", "build", "tiny"], ["create", "tiny", "--print-xml"]] {
      try await run(arguments, folder)
    }
    return folder
  }

  private static func run(_ arguments: [String], _ folder: String) async throws {
    var environment = ProcessInfo.processInfo.environment
    environment["NESTOR_STATE_DIR"] = folder
    environment["NESTOR_RUN_DIR"] = "\(folder)/run"
    environment["NESTOR_DOMAINS"] = templates
    let program = try RunningProgram(
      [program] + arguments, environment: environment, files: "\(folder)/output-\(getpid())-\(arguments[0])")
    program.closeInput()
    let result = try await program.wait()
    guard result.status == 0 else { throw LabError("\(result)") }
  }
}
