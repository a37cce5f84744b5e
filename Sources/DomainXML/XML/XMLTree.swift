/// An element of an XML document as a value: its name, namespaces, attributes and what lies in it.
///
/// Names are written as in the document, prefix and all (`qemu:commandline`). Trees are compared as Swift compares
/// strings; the line that a tree was read from does not count.
public struct XMLTree: Sendable, Equatable {
  /// Something that lies within an element.
  public enum Node: Sendable, Equatable {
    /// An element.
    case element(XMLTree)
    /// Text, unescaped. CDATA sections are read as text.
    case text(String)
    /// A comment, without its delimiters.
    case comment(String)
    /// A processing instruction.
    case instruction(target: String, content: String)
  }

  /// An attribute: its name, prefix and all, and its value, unescaped.
  public struct Attribute: Sendable, Equatable {
    /// The name as written.
    public var name: String
    /// The value, unescaped.
    public var value: String

    /// Makes an attribute.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// A namespace declared on an element.
  public struct Namespace: Sendable, Hashable {
    /// The prefix; empty for the default namespace.
    public var prefix: String
    /// The namespace's name, mostly a URI.
    public var uri: String

    /// Makes a declaration.
    public init(prefix: String, uri: String) {
      self.prefix = prefix
      self.uri = uri
    }
  }

  /// The element's name as written, prefix and all.
  public var name: String
  /// The namespaces that this element declares, in order; they are written before the attributes.
  public var namespaces: [Namespace]
  /// The attributes, in the order in which they are written.
  public var attributes: [Attribute]
  /// What lies in the element, in order.
  public var children: [Node]
  /// The line that the element began on, when it was read from text.
  public var line: Int?

  /// Makes an element.
  public init(
    _ name: String, namespaces: [Namespace] = [], attributes: [Attribute] = [], children: [Node] = []
  ) {
    self.name = name
    self.namespaces = namespaces
    self.attributes = attributes
    self.children = children
  }

  /// Makes an element that holds nothing but text.
  public init(_ name: String, text: String, attributes: [Attribute] = []) {
    self.init(name, attributes: attributes, children: text.isEmpty ? [] : [.text(text)])
  }

  /// Whether both have the same name, namespaces, attributes and content, each in the same order.
  public static func == (left: Self, right: Self) -> Bool {
    left.name == right.name && left.namespaces == right.namespaces && left.attributes == right.attributes
      && left.children == right.children
  }
}

extension XMLTree {
  /// The value of an attribute by its name as written; setting nil removes it, setting a new one appends it.
  public subscript(attribute: String) -> String? {
    get { attributes.first { $0.name == attribute }?.value }
    set {
      let index = attributes.firstIndex { $0.name == attribute }
      switch (index, newValue) {
      case (let index?, let value?): attributes[index].value = value
      case (let index?, nil): attributes.remove(at: index)
      case (nil, let value?): attributes.append(Attribute(attribute, value))
      case (nil, nil): break
      }
    }
  }

  /// The elements directly within this one, in order.
  public var elements: [XMLTree] {
    children.compactMap { if case .element(let element) = $0 { element } else { nil } }
  }

  /// The first element of that name directly within this one.
  public func element(_ name: String) -> XMLTree? {
    for case .element(let element) in children where element.name == name { return element }
    return nil
  }

  /// All text directly in this element, joined.
  public var text: String {
    var text = ""
    for case .text(let part) in children { text += part }
    return text
  }

  /// The prefix in the element's name; empty when it has none.
  public var prefix: String { Self.prefix(of: name) }

  /// The namespace that this element is in by the declarations it carries itself, or by those handed in from around it.
  public func namespaceURI(in scope: [Namespace] = []) -> String? {
    let prefix = self.prefix
    let declaration = namespaces.last { $0.prefix == prefix } ?? scope.last { $0.prefix == prefix }
    guard let uri = declaration?.uri, !uri.isEmpty else { return nil }
    return uri
  }

  static func prefix(of name: String) -> String {
    guard let colon = name.utf8.firstIndex(of: UInt8(ascii: ":")) else { return "" }
    return String(name[..<colon])
  }

  /// The element as it would have been read outside of running text: without white space that only indents.
  var withoutIndentation: XMLTree {
    var hasText = false
    var hasOther = false
    for child in children {
      if case .text(let text) = child { hasText = hasText || !XMLText.isBlank(text) } else { hasOther = true }
    }
    guard hasOther, !hasText else { return self }
    var copy = self
    copy.children = children.compactMap { child in
      switch child {
      case .text: nil
      case .element(let element): .element(element.withoutIndentation)
      default: child
      }
    }
    return copy
  }

  /// A copy that can stand alone: it declares every prefix that it uses and that only `scope` declares.
  func standalone(in scope: [Namespace]) -> XMLTree {
    var used: [String] = []
    collectUndeclaredPrefixes(declared: [], into: &used)
    var copy = self
    for prefix in used {
      guard let declaration = scope.last(where: { $0.prefix == prefix }), !declaration.uri.isEmpty else { continue }
      copy.namespaces.append(declaration)
    }
    return copy
  }

  private func collectUndeclaredPrefixes(declared: [String], into used: inout [String]) {
    let declared = declared + namespaces.map(\.prefix)
    func note(_ prefix: String) {
      if prefix != "xml", !declared.contains(prefix), !used.contains(prefix) { used.append(prefix) }
    }
    note(prefix)
    for attribute in attributes {
      let prefix = Self.prefix(of: attribute.name)
      if !prefix.isEmpty { note(prefix) }
    }
    for case .element(let child) in children { child.collectUndeclaredPrefixes(declared: declared, into: &used) }
  }
}
