/// An error of another library that can be told in Nestor's terms.
package protocol ExplainableError: Error {
  /// The error as a user meets it: `message` says what failed, the error itself is the cause. Without a `hint` it gives one
  /// of its own where it knows any.
  func explained(_ message: String, hint: String?) -> NestorError
}

extension SystemError: ExplainableError {}
