import NestorSupport

/// One mistake in a template, with its place.
package struct TemplateError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of mistake it is.
  package enum Kind: Sendable, Hashable {
    /// The template's text is wrong: syntax, an unknown key, a wrong type, a value out of range.
    case template
    /// The value given for a parameter is wrong, or a parameter is missing or unknown.
    case parameter
    /// The value of a command's option is wrong.
    case option
    /// A template was not found.
    case notFound
    /// A template's name is not acceptable.
    case name
  }

  /// What kind of mistake it is.
  package var kind: Kind
  /// Where it is; `nil` only when there is no file to point into.
  package var location: SourceLocation?
  /// What is wrong, in one line.
  package var message: String
  /// What to do about it.
  package var hint: String?

  /// A mistake at a place.
  package init(_ message: String, at location: SourceLocation?, hint: String? = nil, kind: Kind = .template) {
    self.kind = kind
    self.location = location
    self.message = message.singleLine
    self.hint = hint?.singleLine
  }

  /// `file:line:column: message (hint)`.
  package var description: String {
    let place = location.map { "\($0): " } ?? ""
    let advice = hint.map { " (\($0))" } ?? ""
    return place + message + advice
  }

  /// The same mistake as an error of Nestor.
  package var nestorError: NestorError {
    TemplateErrors([self]).nestorError
  }
}
