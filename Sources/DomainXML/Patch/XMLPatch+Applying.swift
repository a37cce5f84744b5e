import CLibXML2

extension XMLPatch {
  /// The text of a document with patches applied, one after the other.
  ///
  /// - Throws: ``DomainXMLError`` of the kind `patch` with the expression as its path; lines and columns are those
  ///   within the fragment.
  public static func apply(
    _ patches: [XMLPatch], to xml: String, namespaces: [XMLTree.Namespace] = [], limits: XMLLimits = .standard
  ) throws(DomainXMLError) -> String {
    let document = try LibXML.parse(xml, limits: limits)
    guard let root = xmlDocGetRootElement(document.pointer) else {
      throw DomainXMLError(.malformed, "the document has no element", line: 1)
    }
    let rootName = String(cString: root.pointee.name)
    let patcher = XMLPatcher(document: document)
    for patch in patches {
      try patcher.apply(patch, namespaces: namespaces, limits: limits)
      let after = xmlDocGetRootElement(document.pointer).map { String(cString: $0.pointee.name) }
      guard after == rootName else {
        throw patch.failure("the patch takes away or replaces the document's root <\(rootName)>")
      }
    }
    // Reading the result drops white space that no longer indents anything and checks what was set.
    return try XMLTree.tree(of: document, limits: limits).serialized(limits: limits)
  }

  func failure(_ message: String, line: Int? = nil, column: Int? = nil, hint: String? = nil) -> DomainXMLError {
    DomainXMLError(.patch, message, path: xpath, line: line, column: column, hint: hint)
  }
}
