import NestorSupport

/// All mistakes that one run found in a template and in what it extends, ordered by place.
package struct TemplateErrors: Error, Sendable, Hashable, CustomStringConvertible {
  /// The most mistakes that are told of at once.
  package static let maximumCount = 100

  /// The mistakes; never empty when thrown.
  package var problems: [TemplateError]

  /// Sorts the mistakes by file, line and column, drops repeated ones, and keeps the first ``maximumCount``.
  package init(_ problems: [TemplateError]) {
    var seen: Set<TemplateError> = []
    let unique = problems.filter { seen.insert($0).inserted }
    let sorted = unique.enumerated().sorted { left, right in
      guard let first = left.element.location, let second = right.element.location else {
        return (left.element.location == nil ? 0 : 1, left.offset)
          < (right.element.location == nil ? 0 : 1, right.offset)
      }
      if first.file != second.file { return first.file < second.file }
      return (first.line, first.column, left.offset) < (second.line, second.column, right.offset)
    }
    self.problems = sorted.prefix(Self.maximumCount).map(\.element)
  }

  /// One line for each mistake: `file:line:column: message (hint)`.
  package var description: String {
    problems.map(\.description).joined(separator: "\n")
  }

  /// The mistakes as one error of Nestor: one by itself, several as the lines of its cause.
  package var nestorError: NestorError {
    guard let first = problems.first else { return NestorError(.invalidTemplate, "The template is wrong") }
    let code: NestorError.Code =
      switch first.kind {
      case .template: .invalidTemplate
      case .parameter: .invalidParameter
      case .option: .invalidArgument
      case .notFound: .templateNotFound
      case .name: .invalidName
      }
    guard problems.count > 1 else {
      let place = first.location.map { "\($0): " } ?? ""
      return NestorError(code, place + first.message, hint: first.hint)
    }
    let subject = first.kind == .option ? "The command line" : "The template"
    return NestorError(code, "\(subject) has \(problems.count) mistakes", cause: "\n" + description)
  }
}
