import Foundation
import Libvirt
import LibvirtTestSupport
import Testing

@Suite("NWFilter, by a real libvirtd", .privateLibvirtd)
struct NWFilterTests {
  @Test("a filter is defined, found, redefined and taken away")
  func life() async throws {
    let connection = try await Connection.open(PrivateLibvirtd.shared.uri)
    let name = "filter-\(UUID().uuidString.prefix(8))"
    let id = UUID().uuidString.lowercased()
    let xml = "<filter name='\(name)' chain='root'><uuid>\(id)</uuid><rule action='drop' direction='in'/></filter>"
    let filter = try await connection.defineNWFilter(xml: xml, validate: true)
    #expect(filter.name == name)
    #expect(filter.uuid == id)
    #expect(try await connection.nwFilter(named: name).uuid == id)
    #expect(try await connection.nwFilter(uuid: id).name == name)
    #expect(try await connection.nwFilters().map(\.name).contains(name))
    #expect(try await filter.xml().contains("action='drop'"))
    let changed = try await connection.defineNWFilter(xml: xml.replacing("drop", with: "reject"))
    #expect(try await changed.xml().contains("action='reject'"))
    try await filter.undefine()
    let error = await #expect(throws: LibvirtError.self) { try await connection.nwFilter(named: name) }
    #expect(error?.code == .noNWFilter)
  }

  @Test("a filter that breaks the schema is refused when it is checked")
  func validation() async throws {
    let connection = try await Connection.open(PrivateLibvirtd.shared.uri)
    let error = await #expect(throws: LibvirtError.self) {
      try await connection.defineNWFilter(xml: "<filter name='odd'><surprise/></filter>", validate: true)
    }
    #expect(error?.code == .xmlInvalidSchema)
  }
}
