/// What went wrong in reading, writing, patching or checking a document, on which part of it and why.
public struct DomainXMLError: Error, Sendable, Equatable {
  /// The kind of failure, for callers that act on it.
  public enum Kind: String, Sendable, Equatable {
    /// The text is not well-formed XML, or breaks the rules for namespaces.
    case malformed
    /// The document declares a document type, and with it perhaps entities; those are refused unread.
    case documentTypeRefused
    /// The document is larger or deeper than the limits allow.
    case limitExceeded
    /// A value holds a character that XML cannot carry, not even escaped.
    case invalidCharacter
    /// A name is not a name in XML's sense, or uses a prefix that nothing declares.
    case invalidName
    /// The document is of another kind than the one asked for.
    case unexpectedRoot
    /// Something that must be there is not.
    case missing
    /// A value is there and cannot be what it should be.
    case invalidValue
    /// A patch could not be applied.
    case patch
    /// A schema could not be loaded.
    case schema
    /// The document does not fit its schema.
    case invalidDocument
    /// libxml2 itself failed, for want of memory most likely.
    case library
  }

  /// The kind of failure.
  public var kind: Kind
  /// What failed, in one sentence without a full stop.
  public var message: String
  /// The element or attribute concerned, like `domain/devices/disk/@type`.
  public var path: String?
  /// The line in the document, from 1.
  public var line: Int?
  /// The column in that line, from 1, where libxml2 knows it.
  public var column: Int?
  /// What to do next, where there is something to say.
  public var hint: String?

  /// Makes an error.
  public init(
    _ kind: Kind, _ message: String, path: String? = nil, line: Int? = nil, column: Int? = nil, hint: String? = nil
  ) {
    self.kind = kind
    self.message = message
    self.path = path
    self.line = line
    self.column = column
    self.hint = hint
  }
}

extension DomainXMLError: CustomStringConvertible {
  /// The error in one line: where, what, and what to do.
  public var description: String {
    var text = ""
    if let line {
      text += "line \(line)"
      if let column { text += ", column \(column)" }
      text += ": "
    }
    text += message
    if let path { text += " (at \(path))" }
    if let hint { text += "; \(hint)" }
    return text
  }
}
