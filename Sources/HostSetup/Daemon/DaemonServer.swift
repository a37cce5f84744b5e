/// What a daemon says of itself.
public struct DaemonServer: Sendable, Equatable {
  /// Its version.
  public let version: DaemonVersion
  /// The machine that it runs on.
  public let name: String
  /// The extensions of its API, such as `instances`.
  public let extensions: Set<String>
  /// The kinds of storage pools that it can make here, such as `dir` and `btrfs`.
  public let storageDrivers: [String]
  /// It is one of several machines that act as one.
  public let isClustered: Bool
}
