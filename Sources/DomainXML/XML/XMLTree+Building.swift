extension XMLTree {
  /// Sets an attribute where there is a value.
  mutating func put(_ name: String, _ value: String?) {
    if let value { attributes.append(Attribute(name, value)) }
  }

  mutating func put<Word: OpenEnum>(_ name: String, _ value: Word?) { put(name, value?.rawValue) }

  mutating func put<Number: FixedWidthInteger>(_ name: String, _ value: Number?) {
    if let value { put(name, String(value)) }
  }

  mutating func put(_ name: String, yes: Bool?) {
    if let yes { put(name, yes ? "yes" : "no") }
  }

  mutating func put(_ name: String, on: Bool?) {
    if let on { put(name, on ? "on" : "off") }
  }

  /// Appends an element.
  mutating func add(_ element: XMLTree) { children.append(.element(element)) }

  /// Appends an element that holds text, where there is any.
  mutating func add(_ name: String, text: String?) {
    if let text { add(XMLTree(name, text: text)) }
  }

  /// Appends an element made by the body.
  mutating func add(_ name: String, _ body: (inout XMLTree) -> Void) {
    var element = XMLTree(name)
    body(&element)
    add(element)
  }

  /// Appends an element made by the body unless it stayed empty.
  mutating func addUnlessEmpty(_ name: String, _ body: (inout XMLTree) -> Void) {
    var element = XMLTree(name)
    body(&element)
    if !element.attributes.isEmpty || !element.children.isEmpty || !element.namespaces.isEmpty { add(element) }
  }
}
