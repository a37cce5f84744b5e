/// A change to a guest's finished XML.
package struct TemplatePatch: Sendable, Equatable {
  /// What is done with the nodes that the XPath selects.
  package enum Operation: Sendable, Equatable {
    /// An element's text or an attribute's value becomes `value`.
    case set(value: String)
    /// The XML fragment `value` is added.
    case add(value: String, position: Position)
    /// They are removed.
    case remove
  }

  /// Where an added fragment goes.
  package enum Position: String, Sendable, CaseIterable {
    /// Inside the selected element, behind its other children.
    case last
    /// Inside the selected element, before its other children.
    case first
    /// Before the selected element.
    case before
    /// After the selected element.
    case after
  }

  /// What is done.
  package var operation: Operation
  /// An XPath 1.0 expression that selects nodes of the domain XML, such as `/domain/devices/disk[1]/@device`.
  package var xpath: String
  /// Where the XPath is written, for errors when it matches nothing.
  package var location: SourceLocation
  /// Where the value is written, for errors in it.
  package var valueLocation: SourceLocation
}
