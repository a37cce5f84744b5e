import Glibc

/// An address of IPv4 or IPv6, as a number.
package struct IPAddress: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Its bytes in network order: 4 or 16.
  let bytes: [UInt8]

  /// Takes 4 or 16 bytes in network order; nil for any other count.
  init?(bytes: [UInt8]) {
    guard bytes.count == 4 || bytes.count == 16 else { return nil }
    self.bytes = bytes
  }

  /// Reads an address as inet_pton(3) does; nil for anything else.
  package init?(_ text: String) {
    guard !text.utf8.contains(0) else { return nil }
    let isIPv6 = text.utf8.contains(UInt8(ascii: ":"))
    var bytes = [UInt8](repeating: 0, count: isIPv6 ? 16 : 4)
    guard inet_pton(isIPv6 ? AF_INET6 : AF_INET, text, &bytes) == 1 else { return nil }
    self.bytes = bytes
  }

  /// Whether it is of IPv6.
  package var isIPv6: Bool { bytes.count == 16 }

  /// The address in its usual form.
  package var description: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard inet_ntop(isIPv6 ? AF_INET6 : AF_INET, bytes, &text, socklen_t(text.count)) != nil else { return "" }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// By number; those of IPv4 come first.
  package static func < (left: IPAddress, right: IPAddress) -> Bool {
    left.isIPv6 == right.isIPv6 ? left.bytes.lexicographicallyPrecedes(right.bytes) : !left.isIPv6
  }

  /// The address so many places on; nil past the last one of all.
  func advanced(by offset: UInt64) -> IPAddress? {
    var result = bytes
    var carry = offset
    for index in result.indices.reversed() where carry > 0 {
      let (sum, overflow) = UInt64(result[index]).addingReportingOverflow(carry & 0xff)
      guard !overflow else { return nil }
      result[index] = UInt8(truncatingIfNeeded: sum)
      carry = (carry >> 8) + (sum >> 8)
    }
    return carry == 0 ? IPAddress(bytes: result) : nil
  }

  /// How many places on another address of the same family is; nil where it is before this one, or too far away to count.
  func distance(to other: IPAddress) -> UInt64? {
    guard other.bytes.count == bytes.count, bytes.count == 4 || bytes.prefix(8) == other.bytes.prefix(8) else {
      return nil
    }
    let (distance, overflow) = other.lowest.subtractingReportingOverflow(lowest)
    return overflow ? nil : distance
  }

  /// The last 64 bits as a number, of IPv4 all 32.
  private var lowest: UInt64 { bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) } }
}
