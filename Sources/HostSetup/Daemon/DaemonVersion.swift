/// A daemon's version, such as 5.0.2.
package struct DaemonVersion: Sendable, Equatable, Comparable, CustomStringConvertible {
  /// The parts, most significant first; never empty.
  package let parts: [Int]

  package init(_ major: Int, _ minor: Int) {
    parts = [major, minor]
  }

  /// Reads a version such as "6.0.4" or "5.21.1 LTS"; nil where it does not begin with a number.
  package init?(_ text: String) {
    let numbers = text.prefix { $0.isASCII && ($0.isWholeNumber || $0 == ".") }.split(separator: ".").map { Int($0) }
    guard let first = numbers.first, first != nil else { return nil }
    parts = numbers.prefix { $0 != nil }.compactMap(\.self)
  }

  /// Whether one is older; missing parts count as 0.
  package static func < (left: DaemonVersion, right: DaemonVersion) -> Bool {
    for index in 0..<max(left.parts.count, right.parts.count) {
      let a = index < left.parts.count ? left.parts[index] : 0
      let b = index < right.parts.count ? right.parts[index] : 0
      if a != b { return a < b }
    }
    return false
  }

  /// The parts with points between them.
  package var description: String { parts.map(String.init).joined(separator: ".") }
}
