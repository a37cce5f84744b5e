/// Does the same to several things, some at a time; all are tried whatever fails.
package enum Batch {
  /// How many are under way at once: libvirtd serves five calls of a connection at a time, and a start spends most of
  /// its time inside one.
  package static let width = 5

  /// Runs `body` for each name, in their order, and returns what became of each in their order.
  package static func run<Value: Sendable>(
    _ names: [String], width: Int = Batch.width, _ body: @escaping @Sendable (String) async throws -> Value
  ) async -> [BatchResult<Value>] {
    zip(names, await outcomes(names, width, body)).map(BatchResult.init)
  }

  /// Runs `body` for each item and returns the values in the items' order; throws the first failure in that order, once all
  /// were tried.
  @discardableResult
  static func each<Item: Sendable, Value: Sendable>(
    _ items: [Item], _ body: @escaping @Sendable (Item) async throws -> Value
  ) async throws -> [Value] {
    try await outcomes(items, width, body).map { try $0.get() }
  }

  private static func outcomes<Item: Sendable, Value: Sendable>(
    _ items: [Item], _ width: Int, _ body: @escaping @Sendable (Item) async throws -> Value
  ) async -> [Result<Value, any Error>] {
    await withTaskGroup(of: (Int, Result<Value, any Error>).self) { group in
      var results: [Int: Result<Value, any Error>] = [:]
      for (index, item) in items.enumerated() {
        if index >= width, let (done, result) = await group.next() { results[done] = result }
        group.addTask {
          do {
            return (index, .success(try await body(item)))
          } catch {
            return (index, .failure(error))
          }
        }
      }
      for await (done, result) in group { results[done] = result }
      return items.indices.compactMap { results[$0] }
    }
  }
}
