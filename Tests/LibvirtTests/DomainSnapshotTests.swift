import Libvirt
import Testing

@Suite("A snapshot")
struct DomainSnapshotTests {
  private func snapshot(_ name: String) -> String {
    "<domainsnapshot><name>\(name)</name><description>before \(name)</description></domainsnapshot>"
  }

  /// A running domain with a root, a child of it, and two children of that: first, second, third and fourth.
  private func tree() async throws -> (Domain, [DomainSnapshot]) {
    let domain = try await TestNode().define()
    try await domain.start()
    let first = try await domain.createSnapshot(xml: snapshot("first"))
    let second = try await domain.createSnapshot(xml: snapshot("second"))
    let third = try await domain.createSnapshot(xml: snapshot("third"))
    try await second.revert()
    let fourth = try await domain.createSnapshot(xml: snapshot("fourth"))
    return (domain, [first, second, third, fourth])
  }

  @Test("of a domain that has none: there is no current one and no list")
  func none() async throws {
    let domain = try await TestNode().define()
    #expect(try await domain.snapshots().isEmpty)
    #expect(try await domain.hasCurrentSnapshot() == false)
    let error = await #expect(throws: LibvirtError.self) { try await domain.currentSnapshot() }
    #expect(error?.code == .noDomainSnapshot)
    let missing = await #expect(throws: LibvirtError.self) { try await domain.snapshot(named: "missing") }
    #expect(missing?.code == .noDomainSnapshot)
    #expect(missing?.message.contains("missing") == true)
  }

  @Test("knows its parent and its children, and which one is current")
  func family() async throws {
    let (domain, snapshots) = try await tree()
    let (first, second, third, fourth) = (snapshots[0], snapshots[1], snapshots[2], snapshots[3])
    #expect(Set(try await domain.snapshots().map(\.name)) == ["first", "second", "third", "fourth"])
    #expect(try await domain.snapshots(.roots).map(\.name) == ["first"])
    #expect(Set(try await domain.snapshots(.leaves).map(\.name)) == ["third", "fourth"])
    #expect(try await first.parent() == nil)
    #expect(try await second.parent()?.name == "first")
    #expect(try await fourth.parent()?.name == "second")
    #expect(try await first.children().map(\.name) == ["second"])
    #expect(Set(try await first.children(.descendants).map(\.name)) == ["second", "third", "fourth"])
    #expect(try await domain.hasCurrentSnapshot())
    #expect(try await domain.currentSnapshot().name == "fourth")
    #expect(try await fourth.isCurrent())
    #expect(try await third.isCurrent() == false)
    #expect(try await fourth.hasMetadata())
    #expect(try await domain.snapshot(named: "third").xml().contains("<description>before third</description>"))
    let order = try await domain.snapshots(.topological).map(\.name)
    #expect(order.prefix(2) == ["first", "second"])
  }

  @Test("takes the domain back to the state that it had, or to the one asked for")
  func revert() async throws {
    let (domain, snapshots) = try await tree()
    try await domain.destroy()
    #expect(try await domain.state().status == .shutoff)
    try await snapshots[0].revert()
    #expect(try await domain.state().status == .running)
    #expect(try await snapshots[0].isCurrent())
    try await snapshots[2].revert(.paused)
    #expect(try await domain.state().status == .paused)
  }

  @Test("is deleted alone, with its children handed on, or with all of them")
  func deletion() async throws {
    let (domain, snapshots) = try await tree()
    try await snapshots[1].delete()
    #expect(Set(try await domain.snapshots().map(\.name)) == ["first", "third", "fourth"])
    #expect(try await snapshots[2].parent()?.name == "first")
    try await snapshots[0].delete(.childrenOnly)
    #expect(try await domain.snapshots().map(\.name) == ["first"])
    _ = try await domain.createSnapshot(xml: snapshot("late"))
    try await snapshots[0].delete(.children)
    #expect(try await domain.snapshots().isEmpty)
    let error = await #expect(throws: LibvirtError.self) { try await snapshots[0].delete() }
    #expect(error?.code == .noDomainSnapshot)
  }

  @Test("is made known again to a domain that had lost it")
  func redefinition() async throws {
    let (domain, snapshots) = try await tree()
    let xml = try await snapshots[2].xml()
    try await snapshots[2].delete()
    #expect(try await domain.snapshots().count == 3)
    let again = try await domain.createSnapshot(xml: xml, [.redefine, .current])
    #expect(again.name == "third")
    #expect(try await again.parent()?.name == "second")
    #expect(try await domain.currentSnapshot().name == "third")
  }
}
