import NestorSupport

/// What a program wrote ended where more was to come; why, it tells itself.
package struct UnexpectedEnd: ExplainableError {
  package init() {}

  package func explained(_ message: String, hint: String?) -> NestorError {
    NestorError(.corrupted, message, cause: "it is cut off", hint: hint)
  }
}
