import ArgumentParser

/// The values of `--older-than`.
enum Age {
  private static let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800]

  /// Reads a whole number with its unit, such as 7d, at most some hundred years.
  @Sendable static func duration(_ text: String) throws -> Duration {
    guard let letter = text.last, let unit = units[letter], let count = UInt32(text.dropLast()), count <= 5200 else {
      throw ValidationError("an age is a whole number up to 5200 and one of s, m, h, d or w, such as 7d, not '\(text)'")
    }
    return .seconds(Int(count) * unit)
  }
}
