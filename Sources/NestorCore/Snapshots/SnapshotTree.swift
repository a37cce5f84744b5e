import FoundationEssentials

/// A guest's snapshots by what was made after what.
package struct SnapshotTree: Sendable {
  /// A snapshot and how deep it lies.
  package struct Node: Sendable, Equatable {
    package let summary: SnapshotSummary
    /// The lines that lead to it from the one it was made after; empty for one that was made after none.
    package let branch: String
  }

  private let snapshots: [SnapshotSummary]

  /// The tree of snapshots that come oldest first.
  package init(_ snapshots: [SnapshotSummary]) {
    self.snapshots = snapshots
  }

  /// The snapshots, each behind the one that it was made after, the older before the younger.
  package var nodes: [Node] {
    let names = Set(snapshots.map(\.name))
    // One whose parent is not there is shown rather than left out.
    let roots = snapshots.filter { snapshot in snapshot.parent.map { !names.contains($0) } ?? true }
    return roots.flatMap { nodes(from: $0, branch: "", indentation: "") }
  }

  private func nodes(from snapshot: SnapshotSummary, branch: String, indentation: String) -> [Node] {
    let children = snapshots.filter { $0.parent == snapshot.name && $0.name != snapshot.name }
    let below = children.enumerated().flatMap { index, child in
      let isLast = index == children.count - 1
      return nodes(
        from: child, branch: indentation + (isLast ? "└─ " : "├─ "), indentation: indentation + (isLast ? "   " : "│  ")
      )
    }
    return [Node(summary: snapshot, branch: branch)] + below
  }

  /// How many snapshots lie before each, by its name.
  var depths: [String: Int] {
    var depths: [String: Int] = [:]
    var level = snapshots.filter { snapshot in !snapshots.contains { $0.name == snapshot.parent } }.map(\.name)
    var depth = 0
    while !level.isEmpty {
      for name in level { depths[name] = depth }
      level = snapshots.filter { $0.parent.map(level.contains) ?? false && depths[$0.name] == nil }.map(\.name)
      depth += 1
    }
    return depths
  }

  /// The names of all that were made after a snapshot, and after those.
  func descendants(of name: String) -> [String] {
    var found: [String] = []
    var parents = [name]
    while let parent = parents.popLast() {
      let children = snapshots.filter { $0.parent == parent && !found.contains($0.name) }.map(\.name)
      found += children
      parents += children
    }
    return found
  }

  /// The names of those beyond the newest `keep`, or older than `age`; of both where both are given.
  func prunable(keep: Int?, olderThan age: Duration?, now: Date = Date()) -> [String] {
    let beyond = keep.map { Array(snapshots.dropLast($0)) } ?? snapshots
    return beyond.filter { snapshot in
      guard let age else { return keep != nil }
      guard let created = try? Date(snapshot.created, strategy: .iso8601) else { return false }
      return now.timeIntervalSince(created) > Double(age.components.seconds)
    }.map(\.name)
  }
}
