import NestorSupport

/// The block before a file in a tar archive, in the format ustar, with GNU's way to write sizes of 8 GiB and more.
///
/// https://www.gnu.org/software/tar/manual/html_node/Standard.html. Only regular files are known, and names without a directory
/// in the header's prefix: whatever else an archive may hold is refused when it is read.
struct TarHeader: Equatable {
  /// What is wrong with an archive.
  struct Refusal: ExplainableError, Equatable {
    let reason: String

    init(_ reason: String) { self.reason = reason }

    func explained(_ message: String, hint: String?) -> NestorError {
      NestorError(.corrupted, message, cause: reason, hint: hint)
    }
  }

  /// The number of bytes of a block; files are filled up to whole ones.
  static let blockSize = 512

  var name: String
  /// The file's size in bytes.
  var size: UInt64
  /// When it was written, in seconds since 1970.
  var time: UInt64 = 0

  private enum Field {
    static let name = 0..<100
    static let mode = 100..<108
    static let user = 108..<116
    static let group = 116..<124
    static let size = 124..<136
    static let time = 136..<148
    static let checksum = 148..<156
    static let type = 156
    static let magic = 257..<263
    static let version = 263..<265
    static let prefix = 345..<500
  }

  /// The block.
  var block: [UInt8] {
    var block = [UInt8](repeating: 0, count: Self.blockSize)
    func put(_ text: String, _ field: Range<Int>) {
      for (place, byte) in zip(field, text.utf8) { block[place] = byte }
    }
    put(name, Field.name)
    // The agent's key is among the files.
    put("0000600", Field.mode)
    put("0000000", Field.user)
    put("0000000", Field.group)
    if size < 1 << 33 {
      put(Self.octal(size, digits: 11), Field.size)
    } else {
      block[Field.size.lowerBound] = 0x80
      for (place, shift) in zip(Field.size.suffix(8), stride(from: 56, through: 0, by: -8)) {
        block[place] = UInt8(truncatingIfNeeded: size >> UInt64(shift))
      }
    }
    put(Self.octal(time, digits: 11), Field.time)
    block[Field.type] = UInt8(ascii: "0")
    put("ustar", Field.magic)
    put("00", Field.version)
    put(Self.octal(Self.checksum(block), digits: 6), Field.checksum)
    block[Field.checksum.upperBound - 1] = UInt8(ascii: " ")
    return block
  }

  init(name: String, size: UInt64, time: UInt64 = 0) {
    self.name = name
    self.size = size
    self.time = time
  }

  /// Reads a block; throws a ``Refusal``.
  init(_ block: [UInt8]) throws {
    guard block.count == Self.blockSize, block[Field.magic].starts(with: "ustar".utf8),
      try Self.number(block[Field.checksum]) == Self.checksum(block)
    else { throw Refusal("there is no tar header where one has to be") }
    let bytes = block[Field.name].prefix { $0 != 0 }
    name = String(decoding: bytes, as: UTF8.self)
    // They are shown to the user.
    guard bytes.allSatisfy({ (0x21...0x7e).contains($0) }) else { throw Refusal("a name in it is not one of ASCII") }
    let type = block[Field.type]
    guard type == UInt8(ascii: "0") || type == 0 else { throw Refusal("'\(name)' is \(Self.kind(type))") }
    guard block[Field.prefix.lowerBound] == 0 else { throw Refusal("'\(name)' lies too deep in directories") }
    size = try Self.number(block[Field.size])
    time = try Self.number(block[Field.time])
  }

  /// The sum of all bytes, with blanks in the place of the sum itself.
  private static func checksum(_ block: [UInt8]) -> UInt64 {
    block.enumerated().reduce(0) { $0 + (Field.checksum.contains($1.offset) ? 32 : UInt64($1.element)) }
  }

  private static func octal(_ number: UInt64, digits: Int) -> String {
    let text = String(number, radix: 8)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  private static func number(_ field: ArraySlice<UInt8>) throws -> UInt64 {
    if field.first == 0x80 {
      guard field.dropFirst().dropLast(8).allSatisfy({ $0 == 0 }) else { throw Refusal("a size in it is too large") }
      return field.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
    let digits = field.drop { $0 == 32 }.prefix { $0 != 32 && $0 != 0 }
    guard let number = UInt64(String(decoding: digits, as: UTF8.self), radix: 8), !digits.contains(UInt8(ascii: "+"))
    else { throw Refusal("a number in a tar header is none") }
    return number
  }

  private static func kind(_ type: UInt8) -> String {
    switch type {
    case UInt8(ascii: "1"): "a link"
    case UInt8(ascii: "2"): "a symbolic link"
    case UInt8(ascii: "3"), UInt8(ascii: "4"): "a device"
    case UInt8(ascii: "5"): "a directory"
    case UInt8(ascii: "6"): "a FIFO"
    default: "an entry of a kind that is not taken"
    }
  }
}
