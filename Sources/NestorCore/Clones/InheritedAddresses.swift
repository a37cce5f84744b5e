import Glibc
import GuestProtocol
import GuestTransport

/// The addresses of a running guest, none of which a copy of it may have when its links are up.
struct InheritedAddresses: Sendable {
  private let nics: Set<String>
  private let exceptions: Set<String>
  /// The addresses, by the MAC addresses of the source's NICs.
  private var addresses: [String: Set<String>] = [:]

  /// Takes them from what the copy says of itself before it is given its own, or from what its source says; `nics` are the
  /// source's MAC addresses. `except` are addresses without their prefix lengths that the copy will not have by itself.
  init(_ report: GuestReport, nics: [String], except: Set<String> = []) {
    self.nics = Set(nics.map { $0.lowercased() })
    exceptions = except
    add(report)
  }

  var isEmpty: Bool { addresses.values.allSatisfy(\.isEmpty) }

  /// Adds those of another report.
  mutating func add(_ report: GuestReport) {
    for nic in report.interfaces where nics.contains(nic.mac.lowercased()) {
      let own = nic.addresses.filter { address in
        !Self.isMade(address, from: nic.mac) && !exceptions.contains(String(address.prefix { $0 != "/" }))
      }
      addresses[nic.mac.lowercased(), default: []].formUnion(own)
    }
  }

  /// Those that the copy has still, after the time that its system may take to give them up.
  func leftAfter(_ timeout: Duration, _ report: () throws -> GuestReport) rethrows -> [String] {
    try poll(timeout) {
      let now = try report()
      let left = held(now) + Set(now.interfaces.map { $0.mac.lowercased() }.filter(nics.contains)).sorted()
      return (left, left.isEmpty)
    }
  }

  /// Those that come back after the copy's links went up, until each NIC of its has another instead, or the time is over;
  /// `copy` has the MAC addresses of the NICs that are up.
  func returned(
    to copy: [(old: String, new: String)], within timeout: Duration, _ report: () throws -> GuestReport
  ) rethrows -> [String] {
    try poll(timeout) {
      let now = try report()
      let back = held(now)
      return (back, !back.isEmpty || copy.allSatisfy { isSettled($0.old, as: $0.new, now) })
    }
  }

  /// Whether a NIC of the copy's has an address of each family of which its source's has one that may come back.
  private func isSettled(_ old: String, as new: String, _ report: GuestReport) -> Bool {
    let wanted = Set((addresses[old.lowercased()] ?? []).map(Self.isIPv6))
    let nics = report.interfaces.filter { $0.mac.lowercased() == new.lowercased() }
    let present = nics.flatMap(\.addresses).filter { !Self.isMade($0, from: new) }.map(Self.isIPv6)
    return wanted.isSubset(of: present)
  }

  private static func isIPv6(_ address: String) -> Bool { address.contains(":") }

  private func held(_ report: GuestReport) -> [String] {
    let inherited = addresses.values.reduce(into: Set()) { $0.formUnion($1) }
    return inherited.intersection(report.interfaces.flatMap(\.addresses)).sorted()
  }

  /// Looks ten times a second until `look` says that it is enough, or the time is over.
  private func poll(
    _ timeout: Duration, _ look: () throws -> (found: [String], isEnough: Bool)
  ) rethrows -> [String] {
    let end = Instant.now + timeout
    while true {
      let (found, isEnough) = try look()
      guard !isEnough, Instant.now < end else { return found }
      usleep(100_000)
    }
  }

  /// Whether an address is of the link alone, or is made from the NIC's MAC address (RFC 4291, appendix A): the copy's is
  /// another.
  private static func isMade(_ text: String, from mac: String) -> Bool {
    guard let address = IPAddress(String(text.prefix { $0 != "/" })), address.isIPv6 else { return false }
    if address.bytes[0] == 0xfe, address.bytes[1] & 0xc0 == 0x80 { return true }
    var identifier = mac.split(separator: ":").compactMap { UInt8($0, radix: 16) }
    guard identifier.count == 6 else { return false }
    identifier[0] ^= 2
    identifier.insert(contentsOf: [0xff, 0xfe], at: 3)
    return address.bytes.suffix(8).elementsEqual(identifier)
  }
}
