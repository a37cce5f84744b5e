import CLibXML2

extension XMLTree {
  /// Reads a document's root element from text.
  ///
  /// Nothing is fetched, neither from the network nor from files; a document type declaration, and with it every
  /// entity, is refused. White space that only indents is dropped; comments outside the root element are, too.
  ///
  /// - Throws: ``DomainXMLError`` with line and column.
  public init(parsing text: String, limits: XMLLimits = .standard) throws(DomainXMLError) {
    self = try Self.tree(of: LibXML.parse(text, limits: limits), limits: limits)
  }

  /// Reads a document's root element from bytes, which must be UTF-8 whatever the document declares.
  public init(parsing bytes: [UInt8], limits: XMLLimits = .standard) throws(DomainXMLError) {
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(DomainXMLError) in try LibXML.parse(bytes, limits: limits) }
    }
    self = try Self.tree(of: result.get(), limits: limits)
  }

  static func tree(of document: LibXML.Document, limits: XMLLimits) throws(DomainXMLError) -> XMLTree {
    guard let root = xmlDocGetRootElement(document.pointer) else {
      throw DomainXMLError(.malformed, "the document has no element", line: 1)
    }
    return try withExtendedLifetime(document) { () throws(DomainXMLError) in
      try tree(of: root, depth: 1, preserve: false, limits: limits)
    }
  }

  private static func tree(
    of element: xmlNodePtr, depth: Int, preserve: Bool, limits: XMLLimits
  ) throws(DomainXMLError) -> XMLTree {
    let line = xmlGetLineNo(element)
    guard depth <= limits.maximumDepth else {
      throw DomainXMLError(
        .limitExceeded, "elements lie more than \(limits.maximumDepth) levels within each other", line: line)
    }
    var tree = XMLTree(qualifiedName(element.pointee.name, element.pointee.ns))
    tree.line = line > 0 ? line : nil
    var declaration = element.pointee.nsDef
    while let namespace = declaration {
      // libxml2 leaves every ampersand in the names of namespaces as this reference.
      let uri = ampersands(in: string(namespace.pointee.href))
      tree.namespaces.append(Namespace(prefix: string(namespace.pointee.prefix), uri: uri))
      declaration = namespace.pointee.next
    }
    var attribute = element.pointee.properties
    while let current = attribute {
      tree.attributes.append(
        Attribute(qualifiedName(current.pointee.name, current.pointee.ns), value(of: current, in: element)))
      attribute = current.pointee.next
    }
    let mixed = preserve || isMixed(element)
    var hasElements = false
    var child = element.pointee.children
    while let node = child {
      switch node.pointee.type {
      case XML_ELEMENT_NODE:
        hasElements = true
        tree.children.append(.element(try Self.tree(of: node, depth: depth + 1, preserve: mixed, limits: limits)))
      case XML_TEXT_NODE, XML_CDATA_SECTION_NODE:
        tree.appendText(string(node.pointee.content))
      case XML_COMMENT_NODE:
        hasElements = true
        tree.children.append(.comment(string(node.pointee.content)))
      case XML_PI_NODE:
        hasElements = true
        tree.children.append(
          .instruction(target: string(node.pointee.name), content: string(node.pointee.content)))
      default:
        throw DomainXMLError(
          .malformed, "<\(tree.name)> refers to an entity, which is refused", line: line,
          hint: "write out what the entity stands for")
      }
      child = node.pointee.next
    }
    if hasElements, !mixed {
      tree.children.removeAll { if case .text = $0 { true } else { false } }
    }
    return tree
  }

  private static func ampersands(in uri: String) -> String {
    uri.utf8.contains(UInt8(ascii: "&")) ? uri.replacing("&#38;", with: "&") : uri
  }

  /// Whether an element holds both text that matters and something else, so that its white space matters too.
  private static func isMixed(_ element: xmlNodePtr) -> Bool {
    var child = element.pointee.children
    var text = false
    var other = false
    while let node = child {
      switch node.pointee.type {
      case XML_TEXT_NODE, XML_CDATA_SECTION_NODE: text = text || xmlIsBlankNode(node) == 0
      default: other = true
      }
      child = node.pointee.next
    }
    return text && other
  }

  private mutating func appendText(_ text: String) {
    guard !text.isEmpty else { return }
    if case .text(let before)? = children.last {
      children[children.count - 1] = .text(before + text)
    } else {
      children.append(.text(text))
    }
  }

  private static func value(of attribute: xmlAttrPtr, in element: xmlNodePtr) -> String {
    guard let first = attribute.pointee.children else { return "" }
    if first.pointee.next == nil, first.pointee.type == XML_TEXT_NODE { return string(first.pointee.content) }
    guard let value = xmlNodeListGetString(element.pointee.doc, first, 1) else { return "" }
    defer { clx_free(value) }
    return string(value)
  }

  private static func qualifiedName(_ name: UnsafePointer<xmlChar>?, _ namespace: xmlNsPtr?) -> String {
    guard let prefix = namespace?.pointee.prefix else { return string(name) }
    return string(prefix) + ":" + string(name)
  }

  private static func string(_ bytes: UnsafePointer<xmlChar>?) -> String {
    guard let bytes else { return "" }
    return String(cString: bytes)
  }

  private static func string(_ bytes: UnsafeMutablePointer<xmlChar>?) -> String {
    string(bytes.map { UnsafePointer($0) })
  }
}
