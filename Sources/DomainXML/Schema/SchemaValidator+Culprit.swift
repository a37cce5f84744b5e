import CLibXML2

extension SchemaValidator {
  /// How many trials a search may cost; one takes some 0.2 ms.
  private static let mostTrials = 600

  /// The one element or attribute without which the document would be valid; nil when there is no such one.
  ///
  /// libxml2 often names only the element around the wrong one. So each part is taken out in turn, from the outside
  /// inwards, and the deepest whose absence cures the document is the answer.
  func culprit(in document: LibXML.Document) -> SchemaProblem? {
    guard let root = xmlDocGetRootElement(document.pointer) else { return nil }
    var trials = 0
    var found: xmlNodePtr?
    var search = root
    while let child = firstCuring(in: search, document, &trials) {
      found = child
      search = child
    }
    if let attribute = firstCuringAttribute(in: search, document, &trials) {
      let value = attribute.value
      return SchemaProblem(
        line: line(of: search), path: path(of: search) + "/@" + attribute.name,
        message:
          "attribute \(attribute.name)=“\(value)” of <\(name(of: search))>\(around(search)) is not allowed here, or not with this value"
      )
    }
    guard let found else { return nil }
    let text = found.pointee.children == nil ? "" : ", lacks something, or holds what it should not"
    return SchemaProblem(
      line: line(of: found), path: path(of: found),
      message: "<\(name(of: found))>\(around(found)) is not allowed here\(text)")
  }

  private func firstCuring(in parent: xmlNodePtr, _ document: LibXML.Document, _ trials: inout Int) -> xmlNodePtr? {
    var child = parent.pointee.children
    while let node = child {
      child = node.pointee.next
      guard node.pointee.type == XML_ELEMENT_NODE, trials < Self.mostTrials else { continue }
      trials += 1
      let next = node.pointee.next
      xmlUnlinkNode(node)
      let cured = isValid(document.pointer)
      if let next {
        xmlAddPrevSibling(next, node)
      } else {
        xmlAddChild(parent, node)
      }
      if cured { return node }
    }
    return nil
  }

  private func firstCuringAttribute(
    in element: xmlNodePtr, _ document: LibXML.Document, _ trials: inout Int
  ) -> (name: String, value: String)? {
    var attribute = element.pointee.properties
    while let current = attribute {
      attribute = current.pointee.next
      guard trials < Self.mostTrials else { return nil }
      trials += 1
      // Taken out by hand: libxml2 has no function that unlinks an attribute and puts it back in its place.
      let previous = current.pointee.prev
      let next = current.pointee.next
      if let previous { previous.pointee.next = next } else { element.pointee.properties = next }
      next?.pointee.prev = previous
      let cured = isValid(document.pointer)
      if let previous { previous.pointee.next = current } else { element.pointee.properties = current }
      next?.pointee.prev = current
      if cured {
        let value = xmlNodeListGetString(document.pointer, current.pointee.children, 1)
        defer { clx_free(value) }
        return (String(cString: current.pointee.name), value.map { String(cString: $0) } ?? "")
      }
    }
    return nil
  }

  private func line(of node: xmlNodePtr) -> Int? {
    let line = xmlGetLineNo(node)
    return line > 0 ? line : nil
  }

  private func name(of node: xmlNodePtr) -> String { String(cString: node.pointee.name) }

  private func around(_ node: xmlNodePtr) -> String {
    guard let parent = node.pointee.parent, parent.pointee.type == XML_ELEMENT_NODE else { return "" }
    return " in <\(name(of: parent))>"
  }

  private func path(of node: xmlNodePtr) -> String {
    var names = [name(of: node)]
    var parent = node.pointee.parent
    while let element = parent, element.pointee.type == XML_ELEMENT_NODE {
      names.append(name(of: element))
      parent = element.pointee.parent
    }
    return names.reversed().joined(separator: "/")
  }
}
