/// What applications keep in a domain or network: one element for each namespace
/// (https://libvirt.org/formatdomain.html#general-metadata, `<metadata>`).
///
/// Anyone who may read the XML reads it: secrets do not belong here.
public struct DomainMetadata: Sendable, Equatable {
  /// The elements in order; each declares every prefix that it uses.
  public var elements: [XMLTree]

  /// Takes elements.
  public init(_ elements: [XMLTree] = []) { self.elements = elements }

  /// Whether there is none.
  public var isEmpty: Bool { elements.isEmpty }

  /// The element in a namespace. Setting replaces it in its place or appends; setting nil removes every one.
  ///
  /// The new element declares the namespace itself, with any prefix.
  public subscript(namespace: String) -> XMLTree? {
    get { elements.first { $0.namespaceURI() == namespace } }
    set {
      let index = elements.firstIndex { $0.namespaceURI() == namespace }
      guard let newValue else {
        elements.removeAll { $0.namespaceURI() == namespace }
        return
      }
      if let index {
        elements[index] = newValue
      } else {
        elements.append(newValue)
      }
    }
  }

  static func read(_ reader: inout XMLReader) throws(DomainXMLError) -> DomainMetadata? {
    try reader.child("metadata") { reader in
      var elements: [XMLTree] = []
      for element in reader.takeElements() { elements.append(element.standalone(in: reader.scope)) }
      return DomainMetadata(elements)
    }
  }

  func write(to tree: inout XMLTree) {
    if !elements.isEmpty { tree.add(XMLTree("metadata", children: elements.map { .element($0) })) }
  }
}
