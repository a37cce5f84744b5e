import NestorSupport

extension Hypervisor {
  /// Runs `body` while no other Nestor works on guests of these names, whether they are there already or not.
  ///
  /// The locks are taken in one order, so that two commands about the same guests do not wait for each other for ever.
  /// Throws ``NestorError`` of code `busy` where another Nestor has one for longer than `timeout`.
  func lockingNames<Value: Sendable>(
    _ names: Set<String>, to verb: String, timeout: Duration = .seconds(120), _ body: () async throws -> Value
  ) async throws -> Value {
    try state.prepare()
    return try await lockingInOrder(names.sorted()[...], to: verb, timeout: timeout, body)
  }

  private func lockingInOrder<Value: Sendable>(
    _ names: ArraySlice<String>, to verb: String, timeout: Duration, _ body: () async throws -> Value
  ) async throws -> Value {
    guard let name = names.first else { return try await body() }
    return try await FileLock.holding(
      state.lock("guest", name), purpose: "\(verb) guest '\(name)'", timeout: timeout
    ) {
      try await lockingInOrder(names.dropFirst(), to: verb, timeout: timeout, body)
    }
  }

  /// Runs `body` while no other Nestor works on any of these guests, see ``Guest/withLock(to:timeout:_:)``.
  func withLocks<Value: Sendable>(
    on guests: [Guest], to verb: String, timeout: Duration, _ body: ([LockedGuest]) async throws -> Value
  ) async throws -> Value {
    try await lockingNames(Set(guests.map(\.name)), to: verb, timeout: timeout) {
      var locked: [LockedGuest] = []
      for guest in guests { locked.append(try await guest.lookedUpUnderLock(to: verb)) }
      return try await body(locked)
    }
  }
}
