import DomainXML
import Foundation
import Libvirt
import Testing

@testable import NestorCore

@Suite("A guest's snapshots")
struct SnapshotTreeTests {
  private func summary(_ name: String, after parent: String?, created: String = "2026-01-01T00:00:00Z")
    -> SnapshotSummary
  {
    SnapshotSummary(
      name: name, created: created, state: "running", parent: parent, isCurrent: false, description: nil)
  }

  private var family: SnapshotTree {
    SnapshotTree([
      summary("root", after: nil), summary("a", after: "root"), summary("b", after: "root"), summary("a1", after: "a"),
      summary("other", after: nil), summary("a2", after: "a"), summary("orphan", after: "gone"),
    ])
  }

  @Test("are shown behind what they were made after, with lines that lead there")
  func nodes() {
    let lines = family.nodes.map { $0.branch + $0.summary.name }
    #expect(lines == ["root", "├─ a", "│  ├─ a1", "│  └─ a2", "└─ b", "other", "orphan"])
    #expect(SnapshotTree([]).nodes == [])
  }

  @Test("know how many lie before each of them")
  func depths() {
    #expect(
      family.depths == ["root": 0, "a": 1, "b": 1, "a1": 2, "a2": 2, "other": 0, "orphan": 0])
    #expect(SnapshotTree([summary("x", after: "y"), summary("y", after: "x")]).depths == [:])
  }

  @Test("have descendants, and one that is said to be made after itself does not hang anything")
  func descendants() {
    #expect(Set(family.descendants(of: "root")) == ["a", "b", "a1", "a2"])
    #expect(family.descendants(of: "a1") == [] && family.descendants(of: "none") == [])
    let loop = SnapshotTree([summary("x", after: "y"), summary("y", after: "x"), summary("z", after: "z")])
    #expect(loop.descendants(of: "x").count <= 2 && loop.nodes.count <= 3)
  }

  @Test("are pruned by number, by age, or by both")
  func prunable() throws {
    let tree = SnapshotTree([
      summary("old", after: nil, created: "2026-01-01T00:00:00Z"),
      summary("middle", after: "old", created: "2026-01-02T00:00:00Z"),
      summary("new", after: "middle", created: "2026-01-03T00:00:00Z"),
      summary("odd", after: "new", created: "unknown"),
    ])
    let now = try Date("2026-01-03T12:00:00Z", strategy: .iso8601)
    #expect(tree.prunable(keep: 2, olderThan: nil, now: now) == ["old", "middle"])
    #expect(tree.prunable(keep: 9, olderThan: nil, now: now) == [])
    #expect(tree.prunable(keep: 0, olderThan: nil, now: now) == ["old", "middle", "new", "odd"])
    #expect(tree.prunable(keep: nil, olderThan: .seconds(86400), now: now) == ["old", "middle"])
    #expect(tree.prunable(keep: 3, olderThan: .seconds(86400), now: now) == ["old"])
    #expect(tree.prunable(keep: nil, olderThan: nil, now: now) == [])
  }
}
