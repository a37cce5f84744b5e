import Glibc
import GuestProtocol
import GuestTransport

/// What the guest's kernel said to a call that an operation needed.
struct KernelError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was to be done, with what.
  let attempt: String
  /// The errno value.
  let number: Int32

  /// Takes the number that the last call left in errno, unless another is given.
  init(_ attempt: String, number: Int32 = errno) {
    self.attempt = attempt
    self.number = number
  }

  /// Takes what a function of CLinux answered; throws where that is negative.
  static func check(_ result: Int32, _ attempt: @autoclosure () -> String) throws(KernelError) {
    guard result < 0 else { return }
    throw KernelError(attempt(), number: -result)
  }

  /// The attempt and the kernel's words.
  var description: String { TransportError(attempt, number: number).description }

  /// The error as the client is told of it.
  var failure: OperationFailure { OperationFailure(.system, "cannot \(description)", number: number) }
}
