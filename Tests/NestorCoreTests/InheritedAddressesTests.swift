import GuestProtocol
import Testing

@testable import NestorCore

@Suite("The addresses that a warm clone must not have")
struct InheritedAddressesTests {
  private static let mac = "52:54:5C:00:f3:08"

  private func report(_ addresses: String..., mac: String = mac) -> GuestReport {
    var (report, nic, other) = (GuestReport(), InterfaceReport(), InterfaceReport())
    (nic.mac, nic.addresses) = (mac, addresses)
    (other.mac, other.addresses) = ("02:00:00:00:00:01", ["172.17.0.1/16"])
    report.interfaces = [nic, other]
    return report
  }

  private func inherited(_ report: GuestReport, except: Set<String> = []) -> InheritedAddresses {
    InheritedAddresses(report, nics: [Self.mac.lowercased()], except: except)
  }

  @Test("are its source's, but for what is made from a MAC address, what is reserved, and what other devices have")
  func which() {
    #expect(
      inherited(report("fe80::1/64", "fd00::5054:5cff:fe00:f308/64", "192.0.2.7/24"), except: ["192.0.2.7"]).isEmpty)
    for address in ["192.0.2.7/24", "fd00::5054:5cff:fe00:f309/64", "2001:db8::7/128", "nonsense"] {
      #expect(!inherited(report(address)).isEmpty, "\(address)")
    }
  }

  @Test("are those that it has after a while, with the MAC addresses")
  func left() {
    let inherited = inherited(report("192.0.2.7/24", "192.0.2.8/24"))
    var reports = [report("192.0.2.7/24"), report("192.0.2.9/24", mac: "52:54:00:00:00:01")]
    #expect(inherited.leftAfter(.seconds(600)) { reports.removeFirst() } == [])
    #expect(reports.isEmpty)
    #expect(inherited.leftAfter(.zero) { report("192.0.2.8/24") } == ["192.0.2.8/24", "52:54:5c:00:f3:08"])
  }

  @Test("are those that come back when its links are up, until each of its NICs has another")
  func returned() {
    let copy = "52:54:00:00:00:01"
    let nics = [(old: Self.mac, new: copy), (old: "02:00:00:00:00:01", new: "52:54:00:00:00:02")]
    let inherited = inherited(report("192.0.2.7/24"))
    func back(_ reports: [GuestReport]) -> (found: [String], left: Int) {
      var reports = reports
      let found = inherited.returned(to: nics, within: .seconds(600)) { reports.removeFirst() }
      return (found, reports.count)
    }
    let waits = [report("fe80::1/64", mac: copy), report("2001:db8::7/64", mac: copy)]
    #expect(back(waits + [report("192.0.2.7/24", mac: copy), report()]) == (["192.0.2.7/24"], 1))
    #expect(back(waits + [report("192.0.2.9/24", mac: copy), report()]) == ([], 1))
    #expect(inherited.returned(to: nics, within: .zero) { report() } == [])
    var more = self.inherited(report("fe80::1/64"), except: ["192.0.2.8"])
    more.add(report("192.0.2.8/24"))
    #expect(more.isEmpty)
    more.add(report("192.0.2.7/24"))
    #expect(!more.isEmpty)
  }
}
