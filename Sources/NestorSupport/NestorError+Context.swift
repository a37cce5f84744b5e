extension NestorError {
  /// Wraps an error in a message of what failed; errors that are Nestor's own pass through unchanged.
  package init(wrapping error: any Error, _ message: String) {
    switch error {
    case let error as NestorError: self = error
    case let error as SystemError: self = error.explained(message)
    case is CancellationError: self.init(.interrupted, message, cause: "interrupted")
    default: self.init(.failed, message, cause: "\(error)")
    }
  }
}

/// Runs `body`; what it throws comes out as `wrap` makes a ``NestorError`` of it and `message`, a cancellation as it is.
package func withContext<Value>(
  _ message: @autoclosure () -> String, wrap: (any Error, String) -> NestorError = NestorError.init(wrapping:_:),
  isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Value
) async throws -> Value {
  do {
    return try await body()
  } catch let error as CancellationError {
    throw error
  } catch {
    throw wrap(error, message())
  }
}

/// Runs `body`; what the system throws comes out as a ``NestorError`` that begins with `message`, anything else as it is.
package func explainingSystem<Value>(_ message: String, _ body: () throws -> Value) throws -> Value {
  do {
    return try body()
  } catch let error as SystemError {
    throw error.explained(message)
  }
}
