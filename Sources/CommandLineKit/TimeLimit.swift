import ArgumentParser

/// The values of `--timeout`.
package enum TimeLimit {
  /// A year; who wants to wait longer wants no limit.
  private static let longest: Double = 365 * 86400

  /// Reads a number of seconds, from 0 to a year.
  @Sendable package static func duration(_ text: String) throws -> Duration {
    guard let seconds = Double(text), (0...longest).contains(seconds) else {
      throw ValidationError("a number of seconds from 0 to \(Int(longest)) is wanted, not '\(text)'")
    }
    return .seconds(seconds)
  }
}
