import DomainXML

/// Nestor's mark on a network, in the network's `<metadata>` from the moment that it is defined.
///
/// It holds what was asked for, so that the same command run again knows its own work. See
/// https://libvirt.org/formatnetwork.html#general-metadata.
package struct NetworkRecord: Sendable, Equatable {
  /// The namespace of the mark's element.
  package static let namespace = "urn:nestor:network:1"
  /// The prefix that it is written with.
  static let prefix = "nestor"

  /// What was asked for, by the names of the command's options.
  package var settings: [String: String]

  /// Makes a mark.
  package init(settings: [String: String]) {
    self.settings = settings
  }

  /// Nestor's mark in a network's metadata; nil where Nestor did not make it.
  init?(_ metadata: DomainMetadata) {
    guard let tree = metadata[Self.namespace] else { return nil }
    settings = Dictionary(tree.attributes.map { ($0.name, $0.value) }) { first, _ in first }
  }

  /// The mark as an element of a network's XML, with its namespace.
  func tree() -> XMLTree {
    var tree = XMLTree(
      "\(Self.prefix):network", namespaces: [XMLTree.Namespace(prefix: Self.prefix, uri: Self.namespace)])
    for (name, value) in settings.sorted(by: { $0.key < $1.key }) { tree[name] = value }
    return tree
  }
}
