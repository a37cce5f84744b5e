import GuestProtocol

/// An operation that did not succeed, in a session that goes on.
public struct OperationFailure: Error, Sendable, Equatable {
  /// What failed.
  public let error: ProtocolError

  /// Takes an error.
  public init(_ error: ProtocolError) {
    self.error = error
  }

  /// Makes an error of its parts.
  public init(_ code: ProtocolError.Code, _ message: String, number: Int32 = 0) {
    error = ProtocolError(code, message, number: number)
  }
}
