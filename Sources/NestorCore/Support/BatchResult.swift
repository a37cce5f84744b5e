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

/// Does the same to several things, some at a time; all are tried whatever fails.
public enum Batch {
  /// How many are under way at once: libvirtd serves five calls of a connection at a time, and a start spends most of
  /// its time inside one.
  public static let width = 5

  /// Runs `body` for each name, in their order, and answers in their order.
  public static func run<Value: Sendable>(
    _ names: [String], width: Int = Batch.width, _ body: @escaping @Sendable (String) async throws -> Value
  ) async -> [BatchResult<Value>] {
    await withTaskGroup(of: (Int, Result<Value, any Error>).self) { group in
      var results: [Int: Result<Value, any Error>] = [:]
      for (index, name) in names.enumerated() {
        if index >= width, let (done, result) = await group.next() { results[done] = result }
        group.addTask {
          do {
            return (index, .success(try await body(name)))
          } catch {
            return (index, .failure(error))
          }
        }
      }
      for await (done, result) in group { results[done] = result }
      return names.enumerated().compactMap { index, name in
        results[index].map { BatchResult(name: name, outcome: $0) }
      }
    }
  }
}
