import NestorSupport
import Processes

/// The SHA-256 of files, by the program that every Linux has.
enum FileDigest {
  /// The digest of all files, one after the other, in hexadecimal digits.
  static func sha256(_ paths: [String]) async throws -> String {
    // Names go as arguments, never into the shell's text.
    // Whatever is written to standard error counts as a failure, so there is no complaint about the locale either.
    let result = try await Program("sh", package: "dash").result(
      ["-c", "cat -- \"$@\" | sha256sum", "sh"] + paths,
      environment: ["PATH": ClientProgram.searchPath, "LC_ALL": "C"])
    let digest = result.output.prefix { $0.isHexDigit }
    guard result.end == .exited(0), digest.utf8.count == 64, result.errors.isEmpty else {
      throw NestorError(
        .failed, "cannot read \(paths.joined(separator: " and "))", cause: Finding.oneLine(result.errors))
    }
    return String(digest)
  }
}
