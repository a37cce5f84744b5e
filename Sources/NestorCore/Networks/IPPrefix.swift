import NestorSupport

/// A range of addresses with a common beginning, as `192.168.7.0/24`.
package struct IPPrefix: Sendable, Hashable, CustomStringConvertible {
  /// The first address: what is behind the prefix is zero.
  package let first: IPAddress
  /// How many bits are common.
  package let length: Int

  /// The range of so many common bits that an address is in; nil for more bits than the address has, or fewer than none.
  package init?(_ address: IPAddress, length: Int) {
    guard (0...address.bytes.count * 8).contains(length) else { return nil }
    let masked = address.bytes.enumerated().map { index, byte in
      let bits = min(max(length - index * 8, 0), 8)
      return byte & (0xff << UInt8(8 - bits))
    }
    guard let first = IPAddress(bytes: masked) else { return nil }
    self.first = first
    self.length = length
  }

  /// Reads `ADDRESS/LENGTH`; the address has to be the range's first.
  package init(parsing text: String) throws {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let address = IPAddress(parts[0]), parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
      let length = Int(parts[1]), let prefix = IPPrefix(address, length: length)
    else {
      throw NestorError(
        .invalidArgument, "'\(text)' is no range of addresses",
        hint: "an address and the length of its prefix, such as 10.20.30.0/24 or fd00:20:30::/64")
    }
    guard prefix.first == address else {
      throw NestorError(
        .invalidArgument, "'\(text)' is no range of addresses", cause: "\(address) lies within it",
        hint: "did you mean \(prefix)?")
    }
    self = prefix
  }

  /// Whether it is of IPv6.
  package var isIPv6: Bool { first.isIPv6 }

  /// The range as `ADDRESS/LENGTH`.
  package var description: String { "\(first)/\(length)" }

  /// Whether an address lies in the range.
  package func contains(_ address: IPAddress) -> Bool {
    address.isIPv6 == isIPv6 && IPPrefix(address, length: length) == self
  }

  /// Whether any address lies in both ranges.
  package func overlaps(_ other: IPPrefix) -> Bool {
    length <= other.length ? contains(other.first) : other.contains(first)
  }

  /// The address so many places behind the first; nil outside of the range.
  func address(_ offset: UInt64) -> IPAddress? {
    guard let address = first.advanced(by: offset), contains(address) else { return nil }
    return address
  }

  /// The last address of a range of IPv4, which is its broadcast address.
  var last: IPAddress? {
    guard !isIPv6 else { return nil }
    return first.advanced(by: (UInt64(1) << UInt64(32 - length)) - 1)
  }
}
