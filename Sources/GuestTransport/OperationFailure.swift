import GuestProtocol

/// An operation that did not succeed, in a session that goes on.
package struct OperationFailure: Error, Sendable, Equatable {
  /// What failed.
  package let error: ProtocolError

  /// Takes an error.
  package init(_ error: ProtocolError) {
    self.error = error
  }

  package init(_ code: ProtocolError.Code, _ message: String, number: Int32 = 0) {
    error = ProtocolError(code, message, number: number)
  }
}
