import Glibc
import GuestProtocol
import GuestTransport

/// The addresses of a running guest, none of which a copy of it may have when its links are up.
struct InheritedAddresses: Sendable {
  private let nics: Set<String>
  private let exceptions: Set<String>
  private var addresses: Set<String>

  /// Takes them from what the copy says of itself before it is given its own, or from what its source says; `nics` are the
  /// source's MAC addresses. `except` are addresses without their prefix lengths that the copy will not have by itself.
  init(_ report: GuestReport, nics: [String], except: Set<String> = []) {
    self.nics = Set(nics.map { $0.lowercased() })
    exceptions = except
    addresses = []
    add(report)
  }

  var isEmpty: Bool { addresses.isEmpty }

  /// Adds those of another report.
  mutating func add(_ report: GuestReport) {
    for nic in report.interfaces where nics.contains(nic.mac.lowercased()) {
      addresses.formUnion(
        nic.addresses.filter {
          !Self.isMade($0, from: nic.mac) && !exceptions.contains(String($0.prefix { $0 != "/" }))
        })
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

  /// Those that come back after the copy's links went up, until each of its NICs, of these MAC addresses, has another or the
  /// time is over.
  func returned(
    to copy: [String], within timeout: Duration, _ report: () throws -> GuestReport
  ) rethrows -> [String] {
    try poll(timeout) {
      let now = try report()
      let back = held(now)
      let areSettled = copy.allSatisfy { mac in
        now.interfaces.contains { nic in
          nic.mac.lowercased() == mac.lowercased() && nic.addresses.contains { !Self.isMade($0, from: mac) }
        }
      }
      return (back, !back.isEmpty || areSettled)
    }
  }

  private func held(_ report: GuestReport) -> [String] {
    Set(report.interfaces.flatMap(\.addresses)).intersection(addresses).sorted()
  }

  /// Looks ten times a second until that is the end, or the time is over.
  private func poll(
    _ timeout: Duration, _ look: () throws -> (found: [String], isEnd: Bool)
  ) rethrows -> [String] {
    let end = Instant.now + timeout
    while true {
      let (found, isEnd) = try look()
      guard !isEnd, Instant.now < end else { return found }
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
