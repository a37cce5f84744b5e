import NestorCore
import Testing

@Suite("Numbers that tell guests apart")
struct IdentifiersTests {
  @Test("A UUID is of version 4 and its variant, in lower case, and new each time")
  func uuids() {
    let all = (0..<2000).map { _ in Identifiers.randomUUID() }
    #expect(Set(all).count == all.count)
    for uuid in all {
      #expect(
        uuid.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil, "\(uuid)")
    }
  }

  @Test("A MAC address is one card's, locally administered, and the same for the same guest and card")
  func macForm() {
    for index in 0..<200 {
      let uuid = Identifiers.randomUUID()
      let mac = Identifiers.macAddress(uuid: uuid, index: index)
      #expect(mac.wholeMatch(of: /52:54(:[0-9a-f]{2}){4}/) != nil, "\(mac)")
      #expect(mac == Identifiers.macAddress(uuid: uuid, index: index))
    }
    #expect(
      Identifiers.macAddress(uuid: PlannedGuest.uuid, index: 0)
        == Identifiers.macAddress(uuid: PlannedGuest.uuid, index: 0))
  }

  @Test("No MAC address is one of those that libvirt chooses, which would hide what is left of a guest")
  func macNotOfLibvirt() {
    let macs = (0..<10_000).map { Identifiers.macAddress(uuid: PlannedGuest.uuid, index: $0) }
    #expect(macs.allSatisfy { !$0.hasPrefix("52:54:00:") })
  }

  @Test("Of 100,000 MAC addresses hardly any are equal, as many as chance allows with 32 bits")
  func macSpread() {
    var seen: Set<String> = []
    for _ in 0..<25_000 {
      let uuid = Identifiers.randomUUID()
      for index in 0..<4 { seen.insert(Identifiers.macAddress(uuid: uuid, index: index)) }
    }
    // 1.2 pairs are expected; more than 12 would be a fault of the mixing in all but one of a billion runs.
    #expect(seen.count >= 99_988)
  }

  @Test("The cards of one guest have different MAC addresses")
  func cards() {
    // Of random ones two would be equal by chance in one of 21,000 runs.
    for number in 10..<100 {
      let uuid = "\(PlannedGuest.uuid.dropLast(2))\(number)"
      #expect(Set((0..<64).map { Identifiers.macAddress(uuid: uuid, index: $0) }).count == 64)
    }
  }

  @Test("A CID leaves the low numbers and the reserved ones alone, stays the same, and is spread out")
  func contextIDs() {
    var seen: Set<UInt32> = []
    for _ in 0..<20_000 {
      let uuid = Identifiers.randomUUID()
      let cid = Identifiers.contextID(uuid: uuid)
      #expect((0x1_0000...0xFFFF_FFFE).contains(cid) && cid == Identifiers.contextID(uuid: uuid))
      seen.insert(cid)
    }
    #expect(seen.count >= 19_995)
    #expect((seen.max() ?? 0) > 0xF000_0000 && (seen.min() ?? .max) < 0x1000_0000)
  }
}
