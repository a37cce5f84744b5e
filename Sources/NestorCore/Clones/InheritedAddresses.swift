import Glibc
import GuestProtocol
import GuestTransport

/// The addresses that a copy of a running guest woke with, none of which it may have when its links go up.
struct InheritedAddresses: Sendable {
  private let nics: Set<String>
  private let addresses: Set<String>

  /// Takes them from what the copy says of itself before it is given its own; `nics` are its source's MAC addresses.
  init(_ report: GuestReport, nics: [String]) {
    self.nics = Set(nics.map { $0.lowercased() })
    addresses = Set(Self.addresses(report, of: self.nics))
  }

  /// Those that it has still, after the time that its system may take to give them up.
  func leftAfter(_ patience: Duration, _ report: () throws -> GuestReport) rethrows -> [String] {
    let end = Instant.now + patience
    while true {
      let now = try report()
      let held = Set(now.interfaces.flatMap(\.addresses)).intersection(addresses)
      let left = held.union(now.interfaces.map { $0.mac.lowercased() }.filter(nics.contains)).sorted()
      guard !left.isEmpty, Instant.now < end else { return left }
      usleep(100_000)
    }
  }

  /// Those of a NIC's that are not made from its MAC address.
  private static func addresses(_ report: GuestReport, of nics: Set<String>) -> [String] {
    report.interfaces.filter { nics.contains($0.mac.lowercased()) }.flatMap(\.addresses)
      .filter { !$0.lowercased().hasPrefix("fe80:") }
  }
}
