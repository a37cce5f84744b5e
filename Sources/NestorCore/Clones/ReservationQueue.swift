/// The reservations of addresses for guests that are made together, one after the other.
///
/// For each of them libvirt makes its firewall anew, in a third of a second, and holds the network meanwhile: side by side
/// they would only keep its few threads waiting.
actor ReservationQueue {
  private var last: Task<Void, any Error>?
  private var isClosed = false

  /// Begins one when those before it are through; answers when it is.
  func reserve(_ work: @escaping @Sendable () async throws -> Void) async throws {
    guard !isClosed else { throw CancellationError() }
    let task = Task { [last] in
      _ = await last?.result
      try await self.run(work)
    }
    last = task
    try await task.value
  }

  /// Lets the one that is under way come to its end, and no other begin.
  func close() async {
    isClosed = true
    _ = await last?.result
  }

  private func run(_ work: @Sendable () async throws -> Void) async throws {
    guard !isClosed else { throw CancellationError() }
    try await work()
  }
}
