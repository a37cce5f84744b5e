import NestorSupport

/// What became of one of several things that were done at once.
package struct BatchResult<Value: Sendable>: Sendable {
  /// The thing's name.
  package let name: String
  /// Its result or its failure.
  package let outcome: Result<Value, any Error>
}
