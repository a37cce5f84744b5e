/// The guest's balloon left it another amount of memory.
public struct BalloonEvent: Sendable, Hashable {
  /// The memory that the guest has now, in bytes.
  public let memory: UInt64
}
