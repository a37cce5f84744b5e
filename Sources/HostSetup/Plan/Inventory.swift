/// The daemon's objects at one moment.
package struct Inventory: Sendable, Equatable {
  /// Which daemon's.
  package let kind: DaemonKind
  /// The profiles by their names.
  package var profiles: [String: JSONValue] = [:]
  /// The storage pools by their names.
  package var pools: [String: JSONValue] = [:]
  /// The networks by their names; interfaces of the host that the daemon sees are among them.
  package var networks: [String: JSONValue] = [:]
  /// The containers, and virtual machines, by their names.
  package var instances: [String: JSONValue] = [:]
  /// The images by their fingerprints.
  package var images: [String: JSONValue] = [:]
  /// The volumes of the users' own.
  package var volumes: [ObjectReference: JSONValue] = [:]

  package func profile(_ name: String) -> JSONValue? { profiles[name] }

  /// The object that is there under that name.
  package subscript(_ object: ObjectReference) -> JSONValue? {
    switch object.kind {
    case .pool: pools[object.name]
    case .network: networks[object.name]
    case .profile: profiles[object.name]
    case .image: images[object.name]
    case .volume: volumes[object]
    case .container: instances[object.name]
    }
  }

  /// All objects that Nestor made, in the order in which they are made.
  package var made: [ObjectReference] {
    let all =
      pools.map { (ObjectReference(.pool, $0), $1) } + networks.map { (ObjectReference(.network, $0), $1) }
      + profiles.map { (ObjectReference(.profile, $0), $1) } + volumes.map { ($0, $1) }
      + images.map { (ObjectReference(.image, $0), $1) } + instances.map { (ObjectReference(.container, $0), $1) }
    return all.filter { Label.isMade($0.1) }.map(\.0).sorted()
  }
}

extension ContainerDaemon {
  /// All objects of the project as they are now.
  package func inventory() async throws -> Inventory {
    func named(_ values: [JSONValue], by field: String = "name") -> [String: JSONValue] {
      Dictionary(values.compactMap { value in value[field]?.string.map { ($0, value) } }) { first, _ in first }
    }
    async let profiles = list(.profile)
    async let networks = list(.network)
    async let instances = list(.container)
    async let images = list(.image)
    let pools = named(try await list(.pool))
    var volumes: [ObjectReference: JSONValue] = [:]
    for pool in pools.keys.sorted() {
      for (name, volume) in named(try await list(.volume, pool: pool)) {
        volumes[ObjectReference(.volume, name, pool: pool)] = volume
      }
    }
    return Inventory(
      kind: kind, profiles: named(try await profiles), pools: pools, networks: named(try await networks),
      instances: named(try await instances),
      images: named(try await images, by: "fingerprint"), volumes: volumes)
  }
}
