extension NestorError {
  /// Wraps an error in a message of what failed; errors that are Nestor's own pass through unchanged.
  package init(wrapping error: any Error, _ message: String) {
    switch error {
    case let error as NestorError: self = error
    case let error as any ExplainableError: self = error.explained(message, hint: nil)
    case is CancellationError: self.init(.interrupted, message, cause: "interrupted")
    default: self.init(.failed, message, cause: "\(error)")
    }
  }
}

/// Runs `body`; what it throws comes out as a ``NestorError`` that begins with `message`, unless it is Nestor's own, and a
/// cancellation as it is.
package func withContext<Value>(
  _ message: @autoclosure () -> String, isolation: isolated (any Actor)? = #isolation,
  _ body: () async throws -> Value
) async throws -> Value {
  do {
    return try await body()
  } catch let error as CancellationError {
    throw error
  } catch {
    throw NestorError(wrapping: error, message())
  }
}

/// Runs `body`; what the system throws comes out as a ``NestorError`` that begins with `message`, anything else as it is.
package func withSystemContext<Value>(_ message: String, _ body: () throws -> Value) throws -> Value {
  do {
    return try body()
  } catch let error as SystemError {
    throw error.explained(message)
  }
}
