import NestorSupport
import Subprocess

/// The SHA-256 of files, by the program that every Linux has.
enum FileDigest {
  /// The digest of all files, one after the other, in hexadecimal digits.
  static func sha256(_ paths: [String]) async throws -> String {
    // Names go as arguments, never into the shell's text.
    let result = try await Subprocess.run(
      .name("sh"), arguments: Arguments(["-c", "cat -- \"$@\" | sha256sum", "sh"] + paths),
      output: .string(limit: 4096),
      error: .string(limit: 65536))
    let digest = result.standardOutput.prefix { $0.isHexDigit }
    guard result.terminationStatus.isSuccess, digest.utf8.count == 64, result.standardError.isEmpty else {
      throw NestorError(
        .failed, "cannot read \(paths.joined(separator: " and "))", cause: Finding.oneLine(result.standardError))
    }
    return String(digest)
  }
}
