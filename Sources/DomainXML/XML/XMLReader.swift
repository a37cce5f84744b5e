/// Takes what is known out of an element, piece by piece; what nobody took is its unknown XML.
struct XMLReader {
  let name: String
  let path: String
  let line: Int?
  /// The namespaces declared on the elements around this one and on itself.
  let scope: [XMLTree.Namespace]
  private var namespaces: [XMLTree.Namespace]
  private var attributes: [XMLTree.Attribute]
  private var elements: [XMLTree]
  private var parts: [UnknownXML.Part] = []
  private var textContent: String

  init(_ tree: XMLTree, path: String? = nil, scope: [XMLTree.Namespace] = []) {
    name = tree.name
    self.path = path.map { $0 + "/" + tree.name } ?? tree.name
    line = tree.line
    namespaces = tree.namespaces
    attributes = tree.attributes
    textContent = tree.text
    // Text among the elements kept their white space; what is taken apart here is no running text.
    elements = XMLText.isBlank(textContent) ? tree.elements : tree.elements.map(\.withoutIndentation)
    self.scope = scope + tree.namespaces
  }

  /// What nobody took.
  var unknown: UnknownXML {
    var unknown = UnknownXML()
    unknown.namespaces = namespaces
    unknown.attributes = attributes
    unknown.parts = parts.sorted { $0.name < $1.name }
    unknown.elements = elements
    return unknown
  }

  mutating func takeNamespaces() -> [XMLTree.Namespace] {
    defer { namespaces = [] }
    return namespaces
  }

  /// Takes all text directly in this element.
  mutating func text() -> String {
    defer { textContent = "" }
    return textContent
  }

  /// Takes the text, without the white space around it.
  mutating func word() -> String { XMLText.trimmed(text()) }

  /// Takes an attribute.
  mutating func attribute(_ name: String) -> String? {
    guard let index = attributes.firstIndex(where: { $0.name == name }) else { return nil }
    return attributes.remove(at: index).value
  }

  /// Looks at an attribute and leaves it.
  func peek(_ name: String) -> String? { attributes.first { $0.name == name }?.value }

  /// Whether there is an element of that name still to take.
  func has(_ name: String) -> Bool { elements.contains { $0.name == name } }

  mutating func word<Word: OpenEnum>(_ name: String) -> Word? { attribute(name).map { Word($0) } }

  mutating func integer<Number: FixedWidthInteger>(_ name: String) throws(DomainXMLError) -> Number? {
    guard let text = attribute(name) else { return nil }
    return try number(text, at: "/@" + name)
  }

  mutating func flag(_ name: String) throws(DomainXMLError) -> Bool? {
    guard let text = attribute(name) else { return nil }
    switch text {
    case "yes", "on": return true
    case "no", "off": return false
    default: throw invalid(text, at: "/@" + name, expected: "yes or no")
    }
  }

  func number<Number: FixedWidthInteger>(_ text: String, at part: String = "") throws(DomainXMLError) -> Number {
    guard let number = Number(XMLText.trimmed(text)) else {
      throw invalid(text, at: part, expected: "a whole number from \(Number.min) to \(Number.max)")
    }
    return number
  }

  /// Takes the first element of that name and keeps what the body leaves of it as a part of this one's unknown XML.
  mutating func child<Value>(
    _ name: String, _ body: (inout XMLReader) throws(DomainXMLError) -> Value
  ) throws(DomainXMLError) -> Value? {
    guard let index = elements.firstIndex(where: { $0.name == name }) else { return nil }
    var reader = XMLReader(elements.remove(at: index), path: path, scope: scope)
    let value = try body(&reader)
    let unknown = reader.unknown
    // With more of that name behind it, the place of the first one must stay taken.
    if !unknown.isEmpty || has(name) { parts.append(UnknownXML.Part(name: name, unknown: unknown)) }
    return value
  }

  /// Takes the first element of that name for a value that keeps its unknown XML itself.
  mutating func value<Value>(
    _ name: String, where condition: (XMLTree) -> Bool = { _ in true },
    _ body: (inout XMLReader) throws(DomainXMLError) -> Value
  ) throws(DomainXMLError) -> Value? {
    guard let index = elements.firstIndex(where: { $0.name == name && condition($0) }) else { return nil }
    var reader = XMLReader(elements.remove(at: index), path: path, scope: scope)
    return try body(&reader)
  }

  /// Takes every element of that name for values that keep its unknown XML themselves.
  mutating func values<Value>(
    _ name: String, where condition: (XMLTree) -> Bool = { _ in true },
    _ body: (inout XMLReader) throws(DomainXMLError) -> Value
  ) throws(DomainXMLError) -> [Value] {
    var values: [Value] = []
    var rest: [XMLTree] = []
    for element in elements {
      guard element.name == name, condition(element) else {
        rest.append(element)
        continue
      }
      var reader = XMLReader(element, path: path, scope: scope)
      values.append(try body(&reader))
    }
    elements = rest
    return values
  }

  /// Takes the text of the first element of that name.
  mutating func childText(_ name: String) throws(DomainXMLError) -> String? {
    try child(name) { reader in reader.text() }
  }

  /// Takes every element that is left, as it is.
  mutating func takeElements() -> [XMLTree] {
    defer { elements = [] }
    return elements
  }

  /// Takes an attribute of the first element of that name; the rest of that element becomes unknown XML.
  mutating func childAttribute(_ name: String, _ attribute: String) throws(DomainXMLError) -> String? {
    try child(name) { reader in reader.attribute(attribute) } ?? nil
  }

  func missing(_ what: String, hint: String? = nil) -> DomainXMLError {
    DomainXMLError(.missing, "<\(name)> lacks \(what)", path: path, line: line, hint: hint)
  }

  func invalid(_ text: String, at part: String = "", expected: String) -> DomainXMLError {
    DomainXMLError(
      .invalidValue, "“\(text.prefix(80))” should be \(expected)", path: path + part, line: line)
  }
}
