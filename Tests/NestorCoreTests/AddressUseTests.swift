import Testing

@testable import NestorCore

@Suite("Addresses that this machine uses")
struct AddressUseTests {
  private static let routes = """
    Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
    eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
    eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
    virbr0\t007AA8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
    *\t0000100A\t00000000\t0200\t0\t0\t0\t0000FFFF\t0\t0\t0
    eth1\t0000140A\t010200C0\t0003\t0\t0\t0\t0000FCFF\t0\t0\t0
    broken line
    """

  private static let routes6 = """
    fd000000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000003 00000000 00000001     eth0
    fe800000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
    00000000000000000000000000000000 00 00000000000000000000000000000000 00 fd000000000000000000000000000001 00000400 00000003 00000000 00000003     eth0
    00000000000000000000000000000001 80 00000000000000000000000000000000 00 00000000000000000000000000000000 00000000 00000004 00000000 80200001       lo
    ff000000000000000000000000000000 08 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000004 00000000 00000001     eth0
    00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
    20010db8000700000000000000000000 30 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000003     tun0
    short line
    """

  @Test("The kernel's routes of IPv4 are read, without the default route, unreachable ranges and what is no route")
  func readingRoutes() {
    #expect(
      AddressUse.routes(Self.routes).map(\.user) == [
        "the route to 192.0.2.0/24 by eth0", "the route to 192.168.122.0/24 by virbr0",
        "the route to 10.20.0.0/14 by eth1",
      ])
    #expect(AddressUse.routes("") == [])
  }

  @Test("The kernel's routes of IPv6 are read, without what is on every interface")
  func readingRoutes6() {
    #expect(
      AddressUse.routes6(Self.routes6).map(\.user) == [
        "the route to fd00::/64 by eth0", "the route to 2001:db8:7::/48 by tun0",
      ])
    #expect(AddressUse.routes6("") == [])
  }

  @Test(
    "A range that overlaps a route is told from one that does not",
    arguments: [
      ("192.168.122.128/25", "the route to 192.168.122.0/24 by virbr0"),
      ("10.22.5.0/24", "the route to 10.20.0.0/14 by eth1"),
      ("10.0.0.0/8", "the route to 10.20.0.0/14 by eth1"), ("10.24.0.0/24", nil), ("10.16.0.0/16", nil),
      ("2001:db8:7:1::/64", "the route to 2001:db8:7::/48 by tun0"), ("fd00:0:0:1::/64", nil),
    ] as [(String, String?)])
  func clashes(_ text: String, _ user: String?) throws {
    let uses = AddressUse.routes(Self.routes) + AddressUse.routes6(Self.routes6)
    #expect(AddressUse.clash(of: try IPPrefix(parsing: text), with: uses)?.user == user)
  }

  @Test("This machine's own routes and addresses can be read")
  func thisMachine() {
    #expect(AddressUse.current().allSatisfy { $0.prefix.length > 0 })
  }
}
