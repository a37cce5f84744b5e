/// What a daemon says of itself.
package struct DaemonServer: Sendable, Equatable {
  package let version: DaemonVersion
  /// The machine that it runs on.
  package let name: String
  /// The extensions of its API, such as `instances`.
  package let extensions: Set<String>
  /// The kinds of storage pools that it can make here, such as `dir` and `btrfs`.
  package let storageDrivers: [String]
  /// It is one of several machines that act as one.
  package let isClustered: Bool
}
