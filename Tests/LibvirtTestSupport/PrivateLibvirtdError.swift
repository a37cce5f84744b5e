/// Why a libvirtd of the tests' own could not do what was asked.
public struct PrivateLibvirtdError: Error, CustomStringConvertible {
  /// What failed.
  public let message: String
  /// Why, in the words of what failed.
  public let cause: String?

  init(_ message: String, cause: String? = nil) {
    self.message = message
    self.cause = cause
  }

  /// What failed and why.
  public var description: String { cause.map { "\(message): \($0)" } ?? message }
}
