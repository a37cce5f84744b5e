import CLibXML2

/// A document being patched, with the nodes that were taken out of it: an expression may have selected a node and
/// something within it, so nothing is freed before the end. Used by one thread.
final class XMLPatcher {
  private let document: LibXML.Document
  private var removed: [xmlNodePtr] = []

  init(document: LibXML.Document) { self.document = document }

  deinit {
    for node in removed {
      if node.pointee.type == XML_ATTRIBUTE_NODE {
        node.withMemoryRebound(to: xmlAttr.self, capacity: 1) { xmlFreeProp($0) }
      } else {
        xmlFreeNode(node)
      }
    }
  }

  func apply(
    _ patch: XMLPatch, namespaces: [XMLTree.Namespace], limits: XMLLimits
  ) throws(DomainXMLError) {
    for node in try select(patch, namespaces: namespaces) where node.pointee.parent != nil {
      switch patch.operation {
      case .set(let value): try set(value, of: node, patch)
      case .setAttribute(let name, let value): try setAttribute(name, value, of: node, patch)
      case .add(let fragment, let position): try add(fragment, position, at: node, patch, limits)
      case .remove: remove(node)
      }
    }
  }

  private func select(_ patch: XMLPatch, namespaces: [XMLTree.Namespace]) throws(DomainXMLError) -> [xmlNodePtr] {
    guard XMLText.firstInvalidScalar(in: patch.xpath) == nil, !XMLText.isBlank(patch.xpath) else {
      throw patch.failure("the XPath expression is empty or holds a control character")
    }
    guard let context = xmlXPathNewContext(document.pointer) else { throw XMLTree.outOfMemory }
    defer { xmlXPathFreeContext(context) }
    register(namespaces, in: context)
    let (object, reports, _) = LibXML.collecting { sink in clx_evaluate(context, patch.xpath, sink) }
    guard let object else {
      let reason = reports.first { !$0.message.isEmpty }?.message ?? "it does not parse"
      throw patch.failure("the XPath expression is wrong: \(reason)")
    }
    // Freed before the nodes that it selected can be: libxml2 looks at them when it frees the set.
    defer { xmlXPathFreeObject(object) }
    guard object.pointee.type == XPATH_NODESET else {
      throw patch.failure("the XPath expression selects no nodes but gives a value")
    }
    var nodes: [xmlNodePtr] = []
    if let set = object.pointee.nodesetval {
      for index in 0..<Int(set.pointee.nodeNr) {
        guard let node = set.pointee.nodeTab[index] else { continue }
        switch node.pointee.type {
        case XML_ELEMENT_NODE, XML_ATTRIBUTE_NODE, XML_TEXT_NODE, XML_COMMENT_NODE, XML_PI_NODE: nodes.append(node)
        default: throw patch.failure("the XPath expression selects the document or a namespace, which stay as they are")
        }
      }
    }
    guard !nodes.isEmpty else {
      throw patch.failure(
        "the XPath expression selects nothing", hint: "look at the XML that it is applied to, and mind namespaces")
    }
    return nodes
  }

  private func register(_ namespaces: [XMLTree.Namespace], in context: xmlXPathContextPtr) {
    var declaration = xmlDocGetRootElement(document.pointer)?.pointee.nsDef
    while let namespace = declaration {
      if let prefix = namespace.pointee.prefix {
        xmlXPathRegisterNs(context, prefix, namespace.pointee.href)
      }
      declaration = namespace.pointee.next
    }
    for namespace in namespaces where !namespace.prefix.isEmpty {
      xmlXPathRegisterNs(context, namespace.prefix, namespace.uri)
    }
  }

  private func check(_ value: String, _ patch: XMLPatch) throws(DomainXMLError) {
    guard let scalar = XMLText.firstInvalidScalar(in: value) else { return }
    throw patch.failure(
      "the value holds the character U+\(String(scalar.value, radix: 16, uppercase: true)), which XML cannot carry")
  }

  private func set(_ value: String, of node: xmlNodePtr, _ patch: XMLPatch) throws(DomainXMLError) {
    try check(value, patch)
    switch node.pointee.type {
    case XML_ELEMENT_NODE:
      var child = node.pointee.children
      while let current = child {
        guard current.pointee.type != XML_ELEMENT_NODE else {
          throw patch.failure(
            "<\(String(cString: node.pointee.name))> holds elements, which setting its text would take away",
            hint: "remove those first, or select an element that holds text")
        }
        child = current.pointee.next
      }
      while let child = node.pointee.children { remove(child) }
      guard let text = xmlNewDocText(document.pointer, value) else { throw XMLTree.outOfMemory }
      xmlAddChild(node, text)
    case XML_ATTRIBUTE_NODE:
      // The value's nodes hang on the attribute; one text takes the place of all.
      guard let text = xmlNewDocText(document.pointer, value) else { throw XMLTree.outOfMemory }
      while let child = node.pointee.children {
        xmlUnlinkNode(child)
        removed.append(child)
      }
      node.pointee.children = text
      node.pointee.last = text
      text.pointee.parent = node
    case XML_TEXT_NODE:
      guard let text = xmlNewDocText(document.pointer, value) else { throw XMLTree.outOfMemory }
      xmlReplaceNode(node, text)
      removed.append(node)
    default: throw patch.failure("only an element, a text or an attribute can be set")
    }
  }

  private func setAttribute(
    _ name: String, _ value: String, of node: xmlNodePtr, _ patch: XMLPatch
  ) throws(DomainXMLError) {
    guard node.pointee.type == XML_ELEMENT_NODE else {
      throw patch.failure("only an element has attributes", hint: "leave the attribute out of the expression")
    }
    try check(value, patch)
    let prefix = XMLTree.prefix(of: name)
    guard XMLText.isQualifiedName(name), prefix != "xmlns", name != "xmlns" else {
      throw patch.failure("“\(name)” is not the name of an attribute")
    }
    if prefix.isEmpty {
      guard xmlSetNsProp(node, nil, name, value) != nil else { throw XMLTree.outOfMemory }
      return
    }
    guard let namespace = xmlSearchNs(document.pointer, node, prefix) else {
      throw patch.failure("nothing declares the namespace prefix of \(name) there")
    }
    guard xmlSetNsProp(node, namespace, String(name.dropFirst(prefix.count + 1)), value) != nil else {
      throw XMLTree.outOfMemory
    }
  }

  private func remove(_ node: xmlNodePtr) {
    xmlUnlinkNode(node)
    removed.append(node)
  }

  private func add(
    _ fragment: String, _ position: XMLPatch.Position, at node: xmlNodePtr, _ patch: XMLPatch, _ limits: XMLLimits
  ) throws(DomainXMLError) {
    let isWithin = position == .inside || position == .first
    let parent = isWithin ? node : node.pointee.parent
    guard node.pointee.type != XML_ATTRIBUTE_NODE, let parent, parent.pointee.type == XML_ELEMENT_NODE else {
      throw patch.failure(
        isWithin
          ? "a fragment can only be added inside an element"
          : "there is no place before or behind the root or an attribute"
      )
    }
    let nodes = try parse(fragment, for: parent, patch, limits)
    var anchor = node
    let first = node.pointee.children
    for new in nodes {
      switch position {
      case .inside: xmlAddChild(parent, new)
      case .first:
        if let first { xmlAddPrevSibling(first, new) } else { xmlAddChild(parent, new) }
      case .before: xmlAddPrevSibling(node, new)
      // Text beside text is merged, and the new node freed: go on from the one that holds it.
      case .after: anchor = xmlAddNextSibling(anchor, new) ?? anchor
      }
    }
  }

  /// The nodes of a fragment, with the namespaces in scope at its new parent. It is parsed as a document of its own,
  /// inside an element that declares those, so that all limits hold and nothing in it reaches out.
  private func parse(
    _ fragment: String, for parent: xmlNodePtr, _ patch: XMLPatch, _ limits: XMLLimits
  ) throws(DomainXMLError) -> [xmlNodePtr] {
    var wrapper = XMLTree("fragment")
    if let list = xmlGetNsList(document.pointer, parent) {
      defer { clx_free(list) }
      var index = 0
      while let namespace = list[index] {
        let prefix = namespace.pointee.prefix.map { String(cString: $0) } ?? ""
        let uri = namespace.pointee.href.map { String(cString: $0) } ?? ""
        if !uri.isEmpty { wrapper.namespaces.append(XMLTree.Namespace(prefix: prefix, uri: uri)) }
        index += 1
      }
    }
    let opening = try wrapper.serialized().dropLast(3) + ">"
    let parsed: LibXML.Document
    do {
      parsed = try LibXML.parse(opening + fragment + "</fragment>", limits: limits)
    } catch {
      let before = error.line == 1 ? opening.count : 0
      throw patch.failure(
        "the fragment is not well-formed: \(error.message)", line: error.line,
        column: error.column.map { max(1, $0 - before) }, hint: error.hint)
    }
    guard let root = xmlDocGetRootElement(parsed.pointer), root.pointee.next == nil, root.pointee.children != nil else {
      throw patch.failure("the fragment is empty")
    }
    var nodes: [xmlNodePtr] = []
    var child = root.pointee.children
    while let current = child {
      child = current.pointee.next
      guard let copy = xmlDocCopyNode(current, document.pointer, 1) else { throw XMLTree.outOfMemory }
      nodes.append(copy)
    }
    return nodes
  }
}
