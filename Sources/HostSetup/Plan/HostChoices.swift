import NestorSupport

/// What a user may choose of what is set up on the host; what is left open is chosen by ``HostDesign``.
package struct HostChoices: Sendable, Equatable {
  /// The profile that the containers get.
  package var profile = "nestor"
  /// The storage pool.
  package var pool: String?
  /// The kind of a pool that has to be made: dir, btrfs, zfs or lvm.
  package var poolDriver: String?
  package var network: String?
  /// The IPv4 address and prefix of the bridge of a network that has to be made, such as 10.90.0.1/24.
  package var subnet: String?
  /// The processors that a container may use, as `limits.cpu` takes it, such as 2 or 0-3.
  package var cpus: String?
  /// The memory that a container may use, as `limits.memory` takes it, such as 4GiB or 50%.
  package var memory: String?
  /// How many processes a container may have.
  package var processes: String?
  /// What is handed in on request: vhost-scsi, hugepages, vfio, or vfio-N for one IOMMU group.
  package var extras: Set<String> = []

  /// Nothing chosen.
  package init() {}

  /// The words that stand for "as if it had never been chosen".
  private static let none = "none"

  private static let texts: [(name: String, path: any WritableKeyPath<HostChoices, String?> & Sendable)] = [
    ("pool", \.pool), ("pool-driver", \.poolDriver), ("network", \.network), ("subnet", \.subnet), ("cpus", \.cpus),
    ("memory", \.memory), ("processes", \.processes),
  ]

  /// The choices in the form in which a profile keeps them.
  var recorded: String {
    let texts = Self.texts.compactMap { name, path in self[keyPath: path].map { "\(name)=\($0)" } }
    return (texts + extras.sorted().map { "with=\($0)" }).joined(separator: " ")
  }

  /// These choices, where they leave something open those that were recorded before; `none` takes one back.
  func completed(by recorded: String?) -> HostChoices {
    var copy = self
    var old = HostChoices()
    for word in (recorded ?? "").split(separator: " ") {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { continue }
      if parts[0] == "with" { old.extras.insert(parts[1]) }
      for (name, path) in Self.texts where name == parts[0] { old[keyPath: path] = parts[1] }
    }
    for (_, path) in Self.texts {
      let value = copy[keyPath: path] ?? old[keyPath: path]
      copy[keyPath: path] = value == Self.none ? nil : value
    }
    copy.extras = extras.contains(Self.none) ? extras.subtracting([Self.none]) : extras.union(old.extras)
    return copy
  }

  /// Throws where a choice makes no sense by itself.
  func check() throws {
    try NameRules.check(profile, what: "profile")
    guard profile != "default" else {
      throw NestorError(
        .invalidName, "nestor does not touch the profile default", cause: "every new container gets that one",
        hint: "leave --profile out, or name another one")
    }
    for (name, what) in [(pool, "storage pool"), (network, "network")] {
      if let name { try NameRules.check(name, what: what) }
    }
    for (_, path) in Self.texts {
      guard let value = self[keyPath: path] else { continue }
      guard !value.isEmpty, !value.contains(where: { $0.isWhitespace || $0 == "=" }) else {
        throw NestorError(.invalidArgument, "'\(Finding.oneLine(value))' is no value that the daemon takes")
      }
    }
    for extra in extras where !PassthroughDevice.isExtra(extra) {
      throw NestorError(
        .invalidArgument, "there is nothing called '\(extra)' to hand in",
        hint: "vhost-scsi, hugepages, vfio, or vfio-N for the IOMMU group N")
    }
  }
}
