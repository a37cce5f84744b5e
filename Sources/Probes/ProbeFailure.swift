import CLinux

/// A system call that a probe made and that failed: what it was, on what, and errno's value.
public struct ProbeFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was tried, such as "open" or "TUNSETIFF".
  public let operation: String
  /// The file or object that it was tried on, if any.
  public let subject: String?
  /// errno's value, always positive.
  public let code: Int32

  /// Records a failed call; `code` is a positive errno value.
  public init(_ operation: String, on subject: String? = nil, code: Int32) {
    self.operation = operation
    self.subject = subject
    self.code = code
  }

  /// errno's symbolic name, such as "ENOENT", or its number where it has none.
  public var codeName: String {
    nestor_errno_name(code).map { String(cString: $0) } ?? String(code)
  }

  /// errno's meaning in English, such as "No such file or directory".
  public var codeText: String {
    nestor_errno_text(code).map { String(cString: $0) } ?? "unknown error \(code)"
  }

  /// One line, such as "open /dev/kvm: Permission denied (EACCES)".
  public var description: String {
    let target = subject.map { " \($0)" } ?? ""
    return "\(operation)\(target): \(codeText) (\(codeName))"
  }
}
