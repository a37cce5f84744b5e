import DomainXML
import Testing

@Suite("Checking against libvirt's schemas")
struct SchemaValidatorTests {
  private static let domain = Result { try SchemaValidator(.domain) }

  private func problems(_ change: (String) -> String) throws -> [SchemaProblem] {
    try Self.domain.get().problems(in: change(Samples.text("full")))
  }

  @Test("accepts what fits")
  func valid() throws {
    #expect(try problems { $0 } == [])
    try SchemaValidator(.domainSnapshot).validate(Samples.text("snapshot"))
    try SchemaValidator(.network).validate(Samples.text("network"))
  }

  @Test("names an element that does not belong, and the one around it")
  func unexpectedElement() throws {
    let found = try problems { $0.replacing("<wwn>", with: "<frob>x</frob>\n      <wwn>") }
    #expect(found.count == 1)
    #expect(found.first?.path == "domain/devices/disk/frob")
    #expect(found.first?.message.contains("<frob> in <disk>") == true)
    #expect((found.first?.line ?? 0) > 80)
  }

  @Test("names an attribute that does not belong, and one with a wrong value")
  func unexpectedAttribute() throws {
    let unknown = try problems { $0.replacing(#"<bootmenu enable="yes""#, with: #"<bootmenu frob="1" enable="yes""#) }
    #expect(unknown.map(\.path) == ["domain/os/bootmenu/@frob"])
    let value = try problems { $0.replacing(#"io="native""#, with: #"io="psychic""#) }
    #expect(value.map(\.path) == ["domain/devices/disk/driver/@io"])
    #expect(value.first?.message.contains("psychic") == true)
  }

  @Test("names an element whose value is wrong, and one that lacks something")
  func lacking() throws {
    let value = try problems { $0.replacing("<on_crash>preserve", with: "<on_crash>perhaps") }
    #expect(value.map(\.path) == ["domain/on_crash"])
    let lacking = try problems { $0.replacing(#"<target dev="sdc" bus="sata"/>"#, with: "") }
    #expect(lacking.map(\.path) == ["domain/devices/disk"])
  }

  @Test("says something where several things are wrong or the root is")
  func several() throws {
    let two = try problems {
      $0.replacing(#"io="native""#, with: #"io="psychic""#).replacing("<on_crash>preserve", with: "<on_crash>perhaps")
    }
    #expect(!two.isEmpty)
    #expect(two.allSatisfy { !$0.message.isEmpty })
    let root = try Self.domain.get().problems(in: "<banana/>")
    #expect(!root.isEmpty)
    let missing = try problems { $0.replacing("<name>full</name>", with: "") }
    #expect(!missing.isEmpty)
  }

  @Test("throws the first problem with its line")
  func validate() throws {
    let text = try Samples.text("full").replacing(#"io="native""#, with: #"io="psychic""#)
    let error = #expect(throws: DomainXMLError.self) { try Self.domain.get().validate(text) }
    #expect(error?.kind == .invalidDocument)
    #expect(error?.line == 74)
    let broken = #expect(throws: DomainXMLError.self) { try Self.domain.get().validate("<domain>") }
    #expect(broken?.kind == .malformed)
  }

  @Test("tells when a schema cannot be loaded")
  func noSchema() throws {
    let error = #expect(throws: DomainXMLError.self) { try SchemaValidator(.domain, directory: "/nonexistent") }
    #expect(error?.kind == .schema)
    #expect(error?.message.contains("/nonexistent/domain.rng") == true)
    #expect(error?.hint != nil)
  }

  @Test("serves many tasks at once")
  func concurrency() async throws {
    let validator = try Self.domain.get()
    let good = try Samples.text("full")
    let bad = good.replacing(#"io="native""#, with: #"io="psychic""#)
    let counts = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<40 {
        group.addTask { try validator.problems(in: number.isMultiple(of: 2) ? good : bad).isEmpty ? 0 : 1 }
      }
      return try await group.reduce(into: [0, 0]) { counts, count in counts[count] += 1 }
    }
    #expect(counts == [20, 20])
  }
}
