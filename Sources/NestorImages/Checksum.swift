import NestorSupport
import Processes

/// The SHA-256 or SHA-512 of a file.
package struct Checksum: Sendable, Equatable, CustomStringConvertible {
  /// A function that makes checksums which nobody can make another file for.
  package enum Algorithm: String, CaseIterable, Sendable {
    /// SHA-256, 64 digits.
    case sha256
    /// SHA-512, 128 digits.
    case sha512

    /// The number of hexadecimal digits of a checksum.
    var length: Int { self == .sha256 ? 64 : 128 }
  }

  /// How it was made.
  package let algorithm: Algorithm
  /// Its hexadecimal digits in lower case.
  package let digits: String

  /// Takes digits, of which the number tells how they were made, unless that is known and has to fit.
  ///
  /// Throws a ``NestorError`` for what is no checksum of these kinds.
  package init(_ text: String, _ expected: Algorithm? = nil) throws {
    let isHexadecimal = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
        UInt8(ascii: "A")...UInt8(ascii: "F"):
        true
      default: false
      }
    }
    let found = Algorithm.allCases.first { $0.length == text.utf8.count }
    guard isHexadecimal, let found, expected == nil || expected == found else {
      let kinds = (expected.map { [$0] } ?? Algorithm.allCases).map { "\($0.rawValue) has \($0.length)" }
      throw NestorError(
        .invalidArgument, "'\(text.prefix(140))' is no checksum",
        hint: "hexadecimal digits are wanted: \(kinds.joined(separator: ", "))")
    }
    algorithm = found
    digits = text.lowercased()
  }

  /// Makes the checksum of a file.
  package init(of path: String, _ algorithm: Algorithm) async throws {
    // Ended by a zero byte, the line has no escapes for odd letters in the path.
    let line = try await Program("\(algorithm.rawValue)sum", package: "coreutils").run(["-z", "--", path])
    do {
      try self.init(String(line.prefix { $0 != " " }), algorithm)
    } catch {
      throw NestorError(.failed, "cannot make the checksum of \(path)", cause: "\(line.prefix(200))")
    }
  }

  /// Makes the checksum of files as if they were one, in their order.
  package init(of paths: [String], _ algorithm: Algorithm) async throws {
    // Names go as arguments, never into the shell's text. A file that cannot be read shows in standard error alone, so
    // nothing else may stand there, such as a complaint of the shell's about a locale that is missing.
    let result = try await Program("sh", package: "dash").result(
      ["-c", "cat -- \"$@\" | \(algorithm.rawValue)sum", "sh"] + paths, environment: ["LC_ALL": "C"])
    guard result.end == .exited(0), result.errors.isEmpty else {
      throw NestorError(
        .failed, "cannot make the checksum of \(paths.joined(separator: " and "))",
        cause: Finding.oneLine(result.errors))
    }
    try self.init(String(result.output.prefix { $0.isHexDigit }), algorithm)
  }

  /// Such as `sha256:…`.
  package var description: String { "\(algorithm.rawValue):\(digits)" }
}
