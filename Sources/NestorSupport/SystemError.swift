import Glibc

/// What the kernel said when a system call failed.
package struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The value of `errno`, as in errno(3).
  package let number: Int32
  /// The call and its object, such as `open /var/lib/nestor`.
  package let call: String

  /// Takes `errno` as it is now; call it right after the failure, on the same thread.
  package init(_ call: String, number: Int32 = errno) {
    self.number = number
    self.call = call
  }

  /// The system's text for the number.
  package var reason: String {
    var buffer = [CChar](repeating: 0, count: 128)
    guard strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The call, its object and the reason.
  package var description: String { "\(call): \(reason)" }

  /// The error as a user meets it, with the code that fits the number.
  package func explained(_ message: String, hint: String? = nil) -> NestorError {
    let code: NestorError.Code =
      switch number {
      case ENOENT: .notFound
      case EACCES, EPERM: .permissionDenied
      case ENOSPC, EDQUOT: .noSpace
      case EEXIST: .exists
      case EBUSY, EWOULDBLOCK: .busy
      default: .failed
      }
    return NestorError(
      code, message, cause: description, hint: hint ?? (code == .noSpace ? NestorError.fullDiskHint : nil))
  }
}
