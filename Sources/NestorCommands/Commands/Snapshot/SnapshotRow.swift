import CommandLineKit
import NestorCore

/// A snapshot as a row of a list.
struct SnapshotRow: TableRow {
  static let columns = ["NAME", "CREATED", "STATE", "CURRENT", "DESCRIPTION"]

  private let node: SnapshotTree.Node

  init(_ node: SnapshotTree.Node) {
    self.node = node
  }

  var name: String { node.summary.name }

  var cells: [String] {
    let summary = node.summary
    return [
      node.branch + summary.name, summary.created, summary.state, summary.isCurrent ? "yes" : "",
      summary.description ?? "",
    ]
  }

  func encode(to encoder: any Encoder) throws { try node.summary.encode(to: encoder) }
}
