/// A change to a document: what to do, and an XPath expression that says where
/// (https://www.w3.org/TR/1999/REC-xpath-19991116/).
///
/// In the expression, prefixes declared on the document's root have their meanings, and so have those handed in when
/// the patch is applied.
public struct XMLPatch: Sendable, Equatable {
  /// Where a fragment goes.
  public enum Position: String, Sendable, Equatable {
    /// Behind everything that lies in the element.
    case inside
    /// Before everything that lies in the element.
    case first
    /// Before it.
    case before
    /// Behind it.
    case after
  }

  /// What to do with each node that the expression selects.
  public enum Operation: Sendable, Equatable {
    /// Replaces the text of an element, a text or an attribute's value.
    case set(String)
    /// Sets an attribute of an element to a value, there already or not.
    case setAttribute(String, String)
    /// Adds a fragment of XML: elements, text or both.
    case add(String, Position = .inside)
    /// Takes it away.
    case remove
  }

  /// What to do.
  public var operation: Operation
  /// Where.
  public var xpath: String

  /// Makes a patch.
  public init(_ operation: Operation, xpath: String) {
    self.operation = operation
    self.xpath = xpath
  }
}

extension DomainDefinition {
  /// The definition with patches applied to its XML, one after the other, and read again.
  ///
  /// - Throws: ``DomainXMLError`` of the kind `patch` when an expression is wrong or selects nothing, or a fragment is
  ///   not XML; of any other kind when the result is no domain.
  public func applying(
    _ patches: [XMLPatch], namespaces: [XMLTree.Namespace] = [], limits: XMLLimits = .standard
  ) throws(DomainXMLError) -> DomainDefinition {
    guard !patches.isEmpty else { return self }
    let patched = try XMLPatch.apply(patches, to: xml(limits: limits), namespaces: namespaces, limits: limits)
    return try DomainDefinition(xml: patched, limits: limits)
  }
}
