import Glibc
import NestorSupport

/// A range of addresses that this machine uses already, by a route or as an interface's own.
struct AddressUse: Sendable, Equatable {
  /// The range.
  let prefix: IPPrefix
  /// Who uses it, as the end of a sentence.
  let user: String

  /// RTF_REJECT of linux/route.h: a route that leads nowhere.
  private static let unreachable: UInt32 = 0x200

  /// The first use that a range overlaps.
  static func clash(of prefix: IPPrefix, with uses: [AddressUse]) -> AddressUse? {
    uses.first { $0.prefix.overlaps(prefix) }
  }

  /// Everything that this machine uses at the moment: routes first, since they are wider, then addresses.
  static func current() -> [AddressUse] {
    let routes = (try? FileTree.readText("/proc/net/route", limit: 1 << 24)) ?? ""
    let routes6 = (try? FileTree.readText("/proc/net/ipv6_route", limit: 1 << 24)) ?? ""
    return AddressUse.routes(routes) + AddressUse.routes6(routes6) + interfaceAddresses()
  }

  /// The routes in the form of `/proc/net/route`, see route(8); a default route leads everywhere and uses nothing.
  static func routes(_ text: String) -> [AddressUse] {
    text.split(separator: "\n").dropFirst().compactMap { line in
      let fields = line.split(whereSeparator: { $0 == "\t" || $0 == " " })
      guard fields.count >= 8, let target = UInt32(fields[1], radix: 16), let flags = UInt32(fields[3], radix: 16),
        let mask = UInt32(fields[7], radix: 16), mask != 0, flags & unreachable == 0,
        // The kernel prints the numbers as they lie in memory.
        let address = IPAddress(bytes: withUnsafeBytes(of: target) { Array($0) }),
        let prefix = IPPrefix(address, length: mask.nonzeroBitCount)
      else { return nil }
      return AddressUse(prefix: prefix, user: "the route to \(prefix) by \(fields[0])")
    }
  }

  /// The routes in the form of `/proc/net/ipv6_route`: target, length, source, length, gateway, metric, two counts, flags,
  /// interface. Link-local and multicast ranges are there on every interface and do not count.
  static func routes6(_ text: String) -> [AddressUse] {
    text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard fields.count >= 10, let bytes = bytes(fields[0]), let address = IPAddress(bytes: bytes),
        let length = Int(fields[1], radix: 16), length > 0, let flags = UInt32(fields[8], radix: 16),
        flags & unreachable == 0, fields[9] != "lo", let prefix = IPPrefix(address, length: length),
        !isEverywhere(address)
      else { return nil }
      return AddressUse(prefix: prefix, user: "the route to \(prefix) by \(fields[9])")
    }
  }

  /// The ranges that the addresses of interfaces are in, see getifaddrs(3); those of interfaces that are down have no route.
  private static func interfaceAddresses() -> [AddressUse] {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&list) == 0 else { return [] }
    defer { freeifaddrs(list) }
    var uses: [AddressUse] = []
    var next = list
    while let entry = next?.pointee {
      next = entry.ifa_next
      guard let address = address(entry.ifa_addr), let mask = Self.address(entry.ifa_netmask), !isEverywhere(address),
        let prefix = IPPrefix(address, length: mask.bytes.reduce(0) { $0 + $1.nonzeroBitCount })
      else { continue }
      let name = String(cString: entry.ifa_name)
      guard name != "lo" else { continue }
      uses.append(AddressUse(prefix: prefix, user: "the address \(address)/\(prefix.length) of \(name)"))
    }
    return uses
  }

  private static func address(_ pointer: UnsafeMutablePointer<sockaddr>?) -> IPAddress? {
    guard let pointer else { return nil }
    let raw = UnsafeRawPointer(pointer)
    switch Int32(pointer.pointee.sa_family) {
    case AF_INET: return IPAddress(bytes: withUnsafeBytes(of: raw.load(as: sockaddr_in.self).sin_addr) { Array($0) })
    case AF_INET6: return IPAddress(bytes: withUnsafeBytes(of: raw.load(as: sockaddr_in6.self).sin6_addr) { Array($0) })
    default: return nil
    }
  }

  /// Whether an address of IPv6 is link-local or multicast.
  private static func isEverywhere(_ address: IPAddress) -> Bool {
    address.isIPv6 && (address.bytes[0] == 0xff || address.bytes[0] == 0xfe && address.bytes[1] & 0xc0 == 0x80)
  }

  private static func bytes(_ digits: Substring) -> [UInt8]? {
    let digits = Array(digits.utf8)
    guard digits.count == 32 else { return nil }
    let bytes = stride(from: 0, to: 32, by: 2).compactMap { index in
      UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16)
    }
    return bytes.count == 16 ? bytes : nil
  }
}
