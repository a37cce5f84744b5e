/// What is left of an element once everything known has been read from it; it is written back beside what is known.
///
/// A part belongs to a known element within: what was not known of that one. It goes into the first element of its
/// name, or into a new one where the known values no longer call for any. Parts are kept in order of their names and
/// everything else in the order of the document, so that the same unknown XML comes out of what it was written into.
public struct UnknownXML: Sendable, Equatable {
  /// What is left of an element within.
  struct Part: Sendable, Equatable {
    var name: String
    var unknown: UnknownXML
  }

  var namespaces: [XMLTree.Namespace] = []
  var attributes: [XMLTree.Attribute] = []
  var parts: [Part] = []
  var elements: [XMLTree] = []

  /// Nothing.
  public init() {}

  /// Whether nothing is left.
  public var isEmpty: Bool { namespaces.isEmpty && attributes.isEmpty && parts.isEmpty && elements.isEmpty }

  /// The attributes that are not known.
  public var unknownAttributes: [XMLTree.Attribute] { attributes }

  /// The elements that are not known at all, in order; add to them what the model lacks.
  public var unknownElements: [XMLTree] {
    get { elements }
    set { elements = newValue }
  }

  /// Whether anything about elements of that name is not known.
  public func holds(_ name: String) -> Bool {
    parts.contains { $0.name == name } || elements.contains { $0.name == name }
  }

  /// Forgets everything about elements of that name, which would else come back where these are written again.
  public mutating func forget(_ name: String) {
    parts.removeAll { $0.name == name }
    elements.removeAll { $0.name == name }
  }

  /// Writes this into an element that holds what is known.
  func merge(into tree: inout XMLTree) {
    guard !isEmpty else { return }
    for namespace in namespaces where !tree.namespaces.contains(where: { $0.prefix == namespace.prefix }) {
      tree.namespaces.append(namespace)
    }
    for attribute in attributes where tree[attribute.name] == nil { tree.attributes.append(attribute) }
    for part in parts {
      let index = tree.children.firstIndex {
        if case .element(let child) = $0 { child.name == part.name } else { false }
      }
      if let index, case .element(var child) = tree.children[index] {
        part.unknown.merge(into: &child)
        tree.children[index] = .element(child)
      } else {
        var child = XMLTree(part.name)
        part.unknown.merge(into: &child)
        tree.children.append(.element(child))
      }
    }
    for element in elements { tree.children.append(.element(element)) }
  }
}
