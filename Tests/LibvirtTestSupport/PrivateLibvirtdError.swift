/// Why a libvirtd of the tests' own could not do what was asked.
package struct PrivateLibvirtdError: Error, CustomStringConvertible {
  /// What failed.
  package let message: String
  /// Why, in the words of what failed.
  package let cause: String?

  init(_ message: String, cause: String? = nil) {
    self.message = message
    self.cause = cause
  }

  /// What failed and why.
  package var description: String { cause.map { "\(message): \($0)" } ?? message }
}
