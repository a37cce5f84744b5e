import DomainXML
import Glibc
import NestorSupport

/// Numbers that tell guests apart.
package enum Identifiers {
  /// A random UUID of version 4 in lower case, see RFC 9562.
  package static func randomUUID() -> String {
    var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
    bytes[6] = bytes[6] & 0x0f | 0x40
    bytes[8] = bytes[8] & 0x3f | 0x80
    let digits = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    var text = ""
    for (index, digit) in digits.enumerated() {
      if [8, 12, 16, 20].contains(index) { text += "-" }
      text.append(digit)
    }
    return text
  }

  /// The MAC address of a guest's NIC: locally administered, with 32 bits drawn from the UUID and the NIC's index; never
  /// one that begins with 52:54:00, which are libvirt's.
  ///
  /// libvirt's own choice has 24 random bits, of which a thousand guests share one in thirty times; these share
  /// one in ten thousand times, and stay the same when the guest is defined anew.
  package static func macAddress(uuid: String, index: Int) -> String {
    let hash = mixed(uuid, salt: UInt64(index) &+ 1)
    var bytes = (0..<4).map { UInt8(truncatingIfNeeded: hash >> (8 * UInt64($0))) }
    if bytes[0] == 0 { bytes[0] = 1 }
    return (["52", "54"] + bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) })
      .joined(separator: ":")
  }

  /// The MAC addresses of as many NICs as a guest may well have.
  static func macAddresses(uuid: String) -> [String] { (0..<32).map { macAddress(uuid: uuid, index: $0) } }

  /// Whether a MAC address is one that ``macAddress(uuid:index:)`` gave, and not libvirt, whose begin with 52:54:00.
  static func isOwn(mac: String) -> Bool { mac.hasPrefix("52:54:") && !mac.hasPrefix("52:54:00:") }

  /// The vsock CID to try for a guest at an attempt, the first of which is 0; one of `Vsock.validIDs`.
  package static func contextID(uuid: String, attempt: Int = 0) -> UInt32 {
    // Small CIDs are what people choose by hand and what libvirt hands out by itself, so leave them the low range.
    let range = 0x1_0000...UInt64(Vsock.validIDs.upperBound)
    // The salts of the MAC addresses are small.
    let salt = attempt == 0 ? 0 : UInt64(1) << 32 + UInt64(attempt)
    return UInt32(range.lowerBound + mixed(uuid, salt: salt) % UInt64(range.count))
  }

  /// The vsock port at which a guest's system says that it is up; above those that need a privilege or are well known.
  static func notifyPort(uuid: String) -> UInt32 {
    let lowest: UInt64 = 0x1_0000
    return UInt32(lowest + mixed(uuid, salt: UInt64(1) << 33) % (0xFFFF_FFFE - lowest + 1))
  }

  /// A number that is drawn from a text and the same in every process: FNV-1a with a final mix of its bits.
  private static func mixed(_ text: String, salt: UInt64) -> UInt64 {
    var hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 ^ salt) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
    hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
    return hash ^ (hash >> 33)
  }
}
