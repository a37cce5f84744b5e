import Glibc
import NestorSupport
import Processes
import Testing

/// The program itself, run as a person would.
package enum NestorProgram {
  /// Runs a line of the shell that begins with the program's arguments, with a state folder of its own, and answers
  /// with its output and exit status.
  package static func run(_ arguments: String, environment: String = "") async throws -> (output: String, status: Int32)
  {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &buffer, buffer.count)
    try #require(length > 0)
    var program = String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    // The tests run from a bundle, or by a helper of the toolchain that was told its path.
    for argument in [program] + CommandLine.arguments {
      let candidate = "\(FileTree.parent(of: argument))/nestor"
      if FileTree.exists(candidate) { program = candidate }
    }
    try #require(program.hasSuffix("/nestor"), "no nestor beside \(CommandLine.arguments)")
    let scratch = try ScratchState()
    let text = try await Program("sh", package: "dash").run([
      "-c",
      "NESTOR_STATE_DIR=\(scratch.folder)/s NESTOR_RUN_DIR=\(scratch.folder)/r \(environment) '\(program)' \(arguments);"
        + " echo \"\u{1}$?\"",
    ])
    let parts = text.split(separator: "\u{1}", omittingEmptySubsequences: false)
    let status = try #require(parts.last.flatMap { Int32($0.filter(\.isNumber)) })
    return (String(parts[0]), status)
  }
}
