import DomainXML
import TestSupport
import Testing

@Suite("A definition made by chance")
struct RoundTripTests {
  @Test("reads back as what was written, and is written the same again")
  func random() throws {
    var random = RandomDefinition(generator: SeededGenerator(seed: SeededGenerator.seed(for: "round trip")))
    for round in 0..<300 {
      let domain = random.domain()
      let xml = try domain.xml()
      let read = try DomainDefinition(xml: xml)
      #expect(read == domain, "round \(round)\n\(xml)")
      #expect(try read.xml() == xml, "round \(round)")
      if read != domain { break }
    }
  }

  @Test("survives in a snapshot as well")
  func snapshots() throws {
    var random = RandomDefinition(generator: SeededGenerator(seed: SeededGenerator.seed(for: "snapshots")))
    for round in 0..<60 {
      let snapshot = SnapshotDefinition(
        name: random.maybe { $0.text() }, description: random.maybe { $0.text() },
        memory: random.maybe { .init(kind: $0.maybe { .other($0.text()) }, file: $0.maybe { $0.text() }) },
        disks: random.maybe { random in
          random.list { random in
            .init(name: random.text(), kind: random.maybe { .other($0.text()) }, file: random.maybe { $0.text() })
          }
        }, state: random.maybe { .other($0.word()) },
        creationTime: random.maybe { Int64($0.number(Int.min...Int.max)) },
        parent: random.maybe { $0.text() }, domain: random.maybe { $0.domain() },
        inactiveDomain: random.maybe { $0.domain() })
      let xml = try snapshot.xml()
      let read = try SnapshotDefinition(xml: xml)
      #expect(read == snapshot, "round \(round)\n\(xml)")
      #expect(try read.xml() == xml)
    }
  }
}
