import NestorSupport

/// What became of one of several things that were done at once.
public struct BatchResult<Value: Sendable>: Sendable {
  /// The thing's name.
  public let name: String
  /// Its result or its failure.
  public let outcome: Result<Value, any Error>

  /// The same without its result, for reports of what failed.
  public var withoutValue: BatchResult<Void> { BatchResult<Void>(name: name, outcome: outcome.map { _ in }) }
}
