import CLibXML2

extension XMLTree {
  /// The element as text: two spaces an indentation level, double quotes, declarations of namespaces before the
  /// attributes, no XML declaration, a newline at the end. The same tree gives the same bytes.
  ///
  /// - Throws: ``DomainXMLError`` when a value holds a character that XML cannot carry, a name is not one, or the tree
  ///   is larger or deeper than the limits; then nothing is written.
  public func serialized(limits: XMLLimits = .standard) throws(DomainXMLError) -> String {
    _ = LibXML.ready
    guard let document = xmlNewDoc("1.0") else { throw Self.outOfMemory }
    let owner = LibXML.Document(document)
    var writer = Writer(document: document, limits: limits)
    let root = try writer.node(for: self, under: nil)
    xmlDocSetRootElement(document, root)
    return try withExtendedLifetime(owner) { () throws(DomainXMLError) in
      try Self.text(of: root, limits: limits)
    }
  }

  static func text(of root: xmlNodePtr, limits: XMLLimits) throws(DomainXMLError) -> String {
    guard let buffer = xmlBufferCreate() else { throw outOfMemory }
    defer { xmlBufferFree(buffer) }
    let options = Int32(XML_SAVE_FORMAT.rawValue | XML_SAVE_NO_DECL.rawValue)
    guard let save = xmlSaveToBuffer(buffer, "UTF-8", options) else { throw outOfMemory }
    let written = xmlSaveTree(save, root)
    guard xmlSaveClose(save) >= 0, written >= 0, let content = xmlBufferContent(buffer) else { throw outOfMemory }
    let bytes = UnsafeBufferPointer(start: content, count: Int(xmlBufferLength(buffer)))
    guard bytes.count < limits.maximumBytes else {
      throw DomainXMLError(
        .limitExceeded, "the document would have \(bytes.count) bytes, more than the \(limits.maximumBytes) allowed")
    }
    return String(decoding: bytes, as: UTF8.self) + "\n"
  }

  static var outOfMemory: DomainXMLError {
    DomainXMLError(.library, "libxml2 could not build the document, for want of memory most likely")
  }

  /// Builds libxml2's nodes; whatever it has attached belongs to the document, and goes with it on an error.
  private struct Writer {
    let document: xmlDocPtr
    let limits: XMLLimits
    var path: [String] = []
    var prefixes: [String] = ["xml"]

    var here: String { path.joined(separator: "/") }

    mutating func node(for tree: XMLTree, under parent: xmlNodePtr?) throws(DomainXMLError) -> xmlNodePtr {
      path.append(tree.name)
      let outer = prefixes.count
      defer {
        path.removeLast()
        prefixes.removeLast(prefixes.count - outer)
      }
      guard path.count <= limits.maximumDepth else {
        throw DomainXMLError(
          .limitExceeded, "elements lie more than \(limits.maximumDepth) levels within each other", path: here)
      }
      for namespace in tree.namespaces { prefixes.append(namespace.prefix) }
      try check(name: tree.name)
      guard let node = xmlNewDocNode(document, nil, tree.name, nil) else { throw XMLTree.outOfMemory }
      if let parent {
        xmlAddChild(parent, node)
      } else {
        xmlDocSetRootElement(document, node)
      }
      try declare(tree.namespaces, on: node)
      for (index, attribute) in tree.attributes.enumerated() {
        try check(name: attribute.name)
        if tree.attributes[..<index].contains(where: { $0.name == attribute.name }) {
          throw DomainXMLError(.invalidName, "attribute \(attribute.name) is there twice", path: here)
        }
        try check(attribute.value, of: "@" + attribute.name)
        guard xmlNewProp(node, attribute.name, attribute.value) != nil else { throw XMLTree.outOfMemory }
      }
      for child in tree.children { try add(child, to: node) }
      return node
    }

    private mutating func add(_ child: Node, to node: xmlNodePtr) throws(DomainXMLError) {
      let new: xmlNodePtr?
      switch child {
      case .element(let element):
        _ = try self.node(for: element, under: node)
        return
      case .text(let text):
        try check(text, of: nil)
        new = xmlNewDocText(document, text)
      case .comment(let text):
        try check(text, of: "comment()")
        guard !text.contains("--"), !text.hasSuffix("-"), !text.utf8.contains(0x0D) else {
          throw DomainXMLError(.invalidCharacter, "a comment holds two hyphens or a carriage return", path: here)
        }
        new = xmlNewDocComment(document, text)
      case .instruction(let target, let content):
        try check(content, of: "processing-instruction()")
        guard XMLText.isQualifiedName(target), target.lowercased() != "xml", !target.contains(":"),
          !content.contains("?>"), !content.utf8.contains(0x0D)
        else {
          throw DomainXMLError(.invalidName, "a processing instruction cannot be written", path: here)
        }
        new = xmlNewDocPI(document, target, content.isEmpty ? nil : content)
      }
      guard let new else { throw XMLTree.outOfMemory }
      xmlAddChild(node, new)
    }

    private func declare(_ namespaces: [Namespace], on node: xmlNodePtr) throws(DomainXMLError) {
      for namespace in namespaces {
        try check(namespace.uri, of: "@xmlns:" + namespace.prefix)
        let prefix: String? = namespace.prefix.isEmpty ? nil : namespace.prefix
        let valid =
          prefix.map { XMLText.isQualifiedName($0) && !$0.contains(":") && $0 != "xmlns" && !namespace.uri.isEmpty }
        guard valid ?? true, xmlNewNs(node, Self.escaped(namespace.uri), prefix) != nil else {
          throw DomainXMLError(.invalidName, "namespace prefix “\(namespace.prefix)” cannot be declared", path: here)
        }
      }
    }

    /// libxml2 writes the names of namespaces as they are, so what must be escaped is so beforehand.
    private static func escaped(_ uri: String) -> String {
      var escaped = ""
      for scalar in uri.unicodeScalars {
        switch scalar {
        case "&": escaped += "&amp;"
        case "<": escaped += "&lt;"
        case ">": escaped += "&gt;"
        case "\"": escaped += "&quot;"
        case "\t", "\n", "\r": escaped += "&#\(scalar.value);"
        default: escaped.unicodeScalars.append(scalar)
        }
      }
      return escaped
    }

    private func check(name: String) throws(DomainXMLError) {
      guard XMLText.isQualifiedName(name) else {
        throw DomainXMLError(.invalidName, "“\(name.debugDescription)” is not a name in XML", path: here)
      }
      let prefix = XMLTree.prefix(of: name)
      guard prefix.isEmpty || prefixes.contains(prefix) else {
        throw DomainXMLError(
          .invalidName, "nothing declares the namespace prefix of \(name)", path: here,
          hint: "declare xmlns:\(prefix) on this element or on the root")
      }
    }

    private func check(_ text: String, of part: String?) throws(DomainXMLError) {
      guard let scalar = XMLText.firstInvalidScalar(in: text) else { return }
      let code = String(scalar.value, radix: 16, uppercase: true)
      let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
      throw DomainXMLError(
        .invalidCharacter, "the value holds the character U+\(padded), which XML cannot carry, not even escaped",
        path: part.map { here + "/" + $0 } ?? here, hint: "remove the character")
    }
  }
}
