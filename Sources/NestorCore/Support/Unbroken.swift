/// Runs `body` to its end, also where the task that asks for it is cancelled meanwhile.
///
/// For work that leaves a guest half-way where it stops in the middle.
func unbroken<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
  // A task of its own does not hear that this one is cancelled.
  try await Task { try await body() }.value
}
