import NestorSupport

/// Reads the settings of a qemu.conf with their places.
struct QEMUConfigurationReader {
  /// Lists in lists beyond this depth are an attack, not a configuration.
  private static let deepestList = 16

  private let bytes: [UInt8]
  private let path: String
  private var position = 0

  init(_ bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private static func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  mutating func settings() throws(NestorError) -> [QEMUConfiguration.Setting] {
    var settings: [QEMUConfiguration.Setting] = []
    while true {
      skip { Self.isBlank($0) || Self.isLineEnd($0) }
      guard let byte = current else { return settings }
      if byte == UInt8(ascii: "#") {
        skip { !Self.isLineEnd($0) }
      } else {
        settings.append(try statement())
      }
    }
  }

  private mutating func statement() throws(NestorError) -> QEMUConfiguration.Setting {
    let start = position
    guard let first = current, Self.isLetter(first) || first == UInt8(ascii: "_") else {
      throw malformed("a setting's name was expected")
    }
    skip { Self.isLetter($0) || Self.isDigit($0) || $0 == UInt8(ascii: "_") }
    let name = text(start..<position)
    skip(Self.isBlank)
    guard current == UInt8(ascii: "=") else { throw malformed("'=' was expected after \(name)") }
    position += 1
    skip(Self.isBlank)
    let valueStart = position
    let value = try value(of: name, depth: 0)
    let end = position
    skip(Self.isBlank)
    if let byte = current, !Self.isLineEnd(byte), byte != UInt8(ascii: "#") {
      throw malformed("the line goes on after the value of \(name)")
    }
    return QEMUConfiguration.Setting(name: name, value: value, statement: start..<end, valueRange: valueStart..<end)
  }

  private mutating func value(of name: String, depth: Int) throws(NestorError) -> QEMUConfiguration.Value {
    switch current {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return .text(try string(of: name))
    case UInt8(ascii: "["): return .list(try list(of: name, depth: depth))
    case let byte? where Self.isDigit(byte) || byte == UInt8(ascii: "-"):
      let start = position
      position += 1
      skip(Self.isDigit)
      guard let number = Int64(text(start..<position)) else { throw malformed("\(name) is no number in reach") }
      return .number(number)
    default: throw malformed("a value was expected for \(name)")
    }
  }

  private mutating func string(of name: String) throws(NestorError) -> String {
    let quote = bytes[position]
    let triple = [UInt8](repeating: UInt8(ascii: "\""), count: 3)
    if bytes[position...].starts(with: triple) {
      let start = position + 3
      position = start
      while position < bytes.count && !bytes[position...].starts(with: triple) { position += 1 }
      guard position < bytes.count else { throw malformed("the string of \(name) does not end") }
      position += 3
      return text(start..<position - 3)
    }
    let start = position + 1
    position = start
    skip { $0 != quote && !Self.isLineEnd($0) }
    guard current == quote else { throw malformed("the string of \(name) does not end") }
    position += 1
    return text(start..<position - 1)
  }

  private mutating func list(of name: String, depth: Int) throws(NestorError) -> [QEMUConfiguration.Value] {
    guard depth < Self.deepestList else { throw malformed("the lists of \(name) lie too deep in each other") }
    func isSpace(_ byte: UInt8) -> Bool { Self.isBlank(byte) || Self.isLineEnd(byte) }
    var values: [QEMUConfiguration.Value] = []
    position += 1
    skip(isSpace)
    while let byte = current, byte != UInt8(ascii: "]") {
      values.append(try value(of: name, depth: depth + 1))
      skip(isSpace)
      guard current == UInt8(ascii: ",") else { break }
      position += 1
      skip(isSpace)
    }
    guard current == UInt8(ascii: "]") else { throw malformed("the list of \(name) does not end") }
    position += 1
    return values
  }

  private mutating func skip(_ isSkipped: (UInt8) -> Bool) {
    while let byte = current, isSkipped(byte) { position += 1 }
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private func malformed(_ cause: String) -> NestorError {
    let line = bytes.prefix(position).count { $0 == UInt8(ascii: "\n") } + 1
    return NestorError(
      .corrupted, "\(path):\(line) cannot be read", cause: cause,
      hint: "libvirt refuses such a file as well: mend the line, then run nestor doctor again")
  }
}
