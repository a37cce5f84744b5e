import Glibc
import GuestProtocol
import GuestTransport

/// The addresses of a running guest, none of which a copy of it may have when its links are up.
struct InheritedAddresses: Sendable {
  private let nics: Set<String>
  private let addresses: Set<String>

  /// Takes them from what the copy says of itself before it is given its own, or from what its source says; `nics` are the
  /// source's MAC addresses. `except` are addresses without their prefix lengths that the copy will not have by itself.
  init(_ report: GuestReport, nics: [String], except: Set<String> = []) {
    let nics = Set(nics.map { $0.lowercased() })
    self.nics = nics
    let found = report.interfaces.filter { nics.contains($0.mac.lowercased()) }.flatMap { nic in
      nic.addresses.filter { !Self.isMade($0, from: nic.mac) }
    }
    addresses = Set(found.filter { address in !except.contains(String(address.prefix { $0 != "/" })) })
  }

  var isEmpty: Bool { addresses.isEmpty }

  /// Those that the copy has still, after the time that its system may take to give them up.
  func leftAfter(_ timeout: Duration, _ report: () throws -> GuestReport) rethrows -> [String] {
    try poll(timeout, until: \.isEmpty) {
      let now = try report()
      return held(now) + Set(now.interfaces.map { $0.mac.lowercased() }.filter(nics.contains)).sorted()
    }
  }

  /// Those that come back within a time, after the copy's links went up.
  func returned(within timeout: Duration, _ report: () throws -> GuestReport) rethrows -> [String] {
    try poll(timeout, until: { !$0.isEmpty }) { held(try report()) }
  }

  private func held(_ report: GuestReport) -> [String] {
    Set(report.interfaces.flatMap(\.addresses)).intersection(addresses).sorted()
  }

  /// Looks ten times a second until what is found is as it is wanted, or the time is over.
  private func poll(
    _ timeout: Duration, until isWanted: ([String]) -> Bool, _ look: () throws -> [String]
  ) rethrows -> [String] {
    let end = Instant.now + timeout
    while true {
      let found = try look()
      guard !isWanted(found), Instant.now < end else { return found }
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
