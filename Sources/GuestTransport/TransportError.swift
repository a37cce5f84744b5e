import Glibc

/// What the kernel said when bytes were to travel.
package struct TransportError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The call, and what it was made on.
  package let operation: String
  /// The errno value.
  package let number: Int32

  /// Takes the number that the last call left in errno, unless another is given.
  package init(_ operation: String, number: Int32 = errno) {
    self.operation = operation
    self.number = number
  }

  /// The call and the kernel's words.
  package var description: String {
    var text = [CChar](repeating: 0, count: 128)
    guard strerror_r(number, &text, text.count) == 0 else { return "\(operation): error \(number)" }
    return "\(operation): \(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))"
  }
}
