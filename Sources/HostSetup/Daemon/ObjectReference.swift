/// Names one of the daemon's objects.
package struct ObjectReference: Sendable, Hashable {
  /// The kinds of objects, in the order in which they are made; they are taken away the other way round.
  package enum Kind: String, Sendable, CaseIterable, Comparable {
    /// A storage pool.
    case pool
    case network
    case profile
    /// An image that containers are made from; its name is its fingerprint.
    case image
    /// A storage volume of the user's own, in a pool.
    case volume
    case container

    /// Whether one is made before another.
    package static func < (left: Kind, right: Kind) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// What it is called in messages.
    package var title: String {
      switch self {
      case .pool: "storage pool"
      case .volume: "storage volume"
      default: rawValue
      }
    }
  }

  package let kind: Kind
  package let name: String
  /// The pool that a volume lies in; nil for all others.
  package let pool: String?

  /// Names an object.
  package init(_ kind: Kind, _ name: String, pool: String? = nil) {
    self.kind = kind
    self.name = name
    self.pool = pool
  }

  /// The object's path in the API.
  package var path: String { "\(collection)/\(name)" }

  /// The path of all of its kind.
  var collection: String {
    switch kind {
    case .pool: "/1.0/storage-pools"
    case .network: "/1.0/networks"
    case .profile: "/1.0/profiles"
    case .image: "/1.0/images"
    case .volume: "/1.0/storage-pools/\(pool ?? "default")/volumes/custom"
    case .container: "/1.0/instances"
    }
  }

  /// How the client's subcommands call it, such as `storage volume show default NAME`.
  var clientWords: String {
    switch kind {
    case .pool: "storage show \(name)"
    case .volume: "storage volume show \(pool ?? "default") \(name)"
    case .container: "config show \(name)"
    default: "\(kind.rawValue) show \(name)"
    }
  }

  /// What it is and its name, for messages.
  package var title: String { "\(kind.title) \(name)" + (pool.map { " in pool \($0)" } ?? "") }
}

extension ObjectReference: Comparable {
  /// Whether one is made before another.
  package static func < (left: ObjectReference, right: ObjectReference) -> Bool {
    (left.kind, left.pool ?? "", left.name) < (right.kind, right.pool ?? "", right.name)
  }
}
