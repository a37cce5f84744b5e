import ArgumentParser

/// A guest, or one of its snapshots, as an argument: `GUEST` or `GUEST/SNAPSHOT`.
struct GuestAtSnapshot: ExpressibleByArgument, Sendable, Equatable {
  let guest: String
  /// The snapshot; nil for the guest as it is now.
  let snapshot: String?

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, !parts.contains("") else { return nil }
    guest = parts[0]
    snapshot = parts.count == 2 ? parts[1] : nil
  }
}
