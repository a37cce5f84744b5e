import DomainXML
import Testing

@testable import NestorCore

@Suite("The address that is kept for a guest")
struct AddressChoiceTests {
  private func choice(
    _ ranges: [(String, String)], _ reservations: [NetworkAddress.Reservation] = []
  ) throws -> AddressChoice {
    var network = NetworkDefinition(name: "a")
    network.addresses = [
      NetworkAddress("fd00::1", prefix: 64),
      NetworkAddress(
        "10.0.0.1", prefix: 24,
        dhcp: .init(ranges: ranges.map { .init(start: $0.0, end: $0.1) }, reservations: reservations)),
    ]
    return try #require(AddressChoice(network))
  }

  @Test("The same guest gets the same address, and others their own until none is left")
  func filling() throws {
    var reservations: [NetworkAddress.Reservation] = []
    for number in 1...6 {
      let choice = try choice([("10.0.0.1", "10.0.0.4"), ("10.0.0.9", "10.0.0.11")], reservations)
      let address = try #require(choice.choose(preferred: nil, seed: "guest\(number)", leased: []))
      #expect(choice.choose(preferred: nil, seed: "guest\(number)", leased: []) == address)
      reservations.append(.init(mac: "52:54:00:00:00:0\(number)", name: "guest\(number)", address: "\(address)"))
    }
    #expect(
      Set(reservations.map(\.address))
        == ["10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.9", "10.0.0.10", "10.0.0.11"], "all but the bridge's own")
    let full = try choice([("10.0.0.1", "10.0.0.4"), ("10.0.0.9", "10.0.0.11")], reservations)
    #expect(full.choose(preferred: nil, seed: "guest7", leased: []) == nil)
    #expect(full.reservation(of: "52:54:00:00:00:0A") == nil)
    #expect(full.reservation(of: "52:54:00:00:00:03")?.name == "guest3" && full.isTaken(name: "guest3"))
  }

  @Test("The segment is known that an address has to be of")
  func segment() throws {
    let subnet = try #require(try choice([("10.0.0.2", "10.0.0.9")]).subnet)
    let (inside, outside) = (try #require(IPAddress("10.0.0.200")), try #require(IPAddress("10.0.1.2")))
    #expect("\(subnet)" == "10.0.0.0/24" && subnet.contains(inside) && !subnet.contains(outside))
  }

  @Test("The address that the guest has is kept, unless it is another's or outside of what DHCP gives out")
  func preferring() throws {
    let choice = try choice([("10.0.0.2", "10.0.0.254")], [.init(mac: "52:54:00:00:00:01", address: "10.0.0.7")])
    func chosen(_ preferred: String, leased: Set<String> = []) -> String? {
      choice.choose(
        preferred: IPAddress(preferred), seed: "web", leased: Set(leased.compactMap { IPAddress($0) }))?.description
    }
    #expect(chosen("10.0.0.9") == "10.0.0.9")
    #expect(chosen("10.0.0.7") != "10.0.0.7")
    #expect(chosen("10.0.1.9")?.hasPrefix("10.0.0.") == true)
    #expect(chosen("10.0.0.9", leased: ["10.0.0.9"]) != "10.0.0.9")
    let usual = try #require(chosen("10.0.1.9"))
    #expect(chosen("10.0.1.9", leased: [usual]) != usual, "what somebody has is not given away")
  }

  @Test("A network without DHCP has no address to keep, and a range that makes no sense none to give")
  func nothing() throws {
    #expect(AddressChoice(NetworkDefinition(name: "a", addresses: [NetworkAddress("10.0.0.1", prefix: 24)])) == nil)
    #expect(AddressChoice(NetworkDefinition(name: "a")) == nil)
    #expect(try choice([("10.0.0.9", "10.0.0.2")]).choose(preferred: nil, seed: "a", leased: []) == nil)
    #expect(try choice([("ten", "eleven")]).choose(preferred: nil, seed: "a", leased: []) == nil)
  }
}
