import NestorSupport

/// What names may be made of; they become parts of paths in the daemon's API.
package enum NameRules {
  /// Throws `invalidName` unless `name` has 1 to `longest` letters, digits, points, hyphens and underscores and begins with a
  /// letter or digit.
  package static func check(_ name: String, what: String, longest: Int = 63) throws {
    let isFit = { (byte: UInt8) in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: false
      }
    }
    guard name.utf8.count <= longest, let first = name.utf8.first, isFit(first),
      name.utf8.allSatisfy({ isFit($0) || ".-_".utf8.contains($0) })
    else {
      throw NestorError(
        .invalidName,
        "'\(Finding.oneLine(String(name.prefix(80))))' cannot be the name of \(what == "image" ? "an" : "a") \(what)",
        hint: "letters, digits, '.', '-' and '_', a letter or digit first, \(longest) at most")
    }
  }

  /// Throws `invalidName` unless `name` is one that a container can have: a host name of one label.
  package static func checkContainer(_ name: String) throws {
    let isLetter = name.utf8.first.map { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
    guard isLetter == true, !name.hasSuffix("-"), !name.utf8.contains(where: { "._".utf8.contains($0) }) else {
      throw NestorError(
        .invalidName, "'\(Finding.oneLine(String(name.prefix(80))))' cannot be the name of a container",
        hint: "a host name: letters, digits and '-', a letter first and no '-' last, 63 at most")
    }
    try check(name, what: "container")
  }
}
