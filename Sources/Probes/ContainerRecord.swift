import FoundationEssentials
import NestorSupport

/// What is known of the container that guests are in, so that a copy of it is noticed: its guests have twins then.
package struct ContainerRecord: Sendable, Equatable, Codable {
  /// The container as it was last.
  package var identity: ContainerIdentity
  /// The host name of the container of which this is a copy; nil where it is none.
  package var source: String?
  /// The UUIDs of the guests that it was copied with, and that have their source's identity still.
  package var twins: [String]

  package init(identity: ContainerIdentity, source: String? = nil, twins: [String] = []) {
    self.identity = identity
    self.source = source
    self.twins = twins
  }

  /// The record as it is now that the container has this identity, and guests of these UUIDs.
  package func updated(_ identity: ContainerIdentity, guests: [String]) -> ContainerRecord {
    let isCopy = identity.isCopy(of: self.identity)
    let left = isCopy ? guests.sorted() : twins.filter(guests.contains)
    let source = isCopy ? self.identity.hostname : source
    return ContainerRecord(identity: identity, source: left.isEmpty ? nil : source, twins: left)
  }

  /// Reads the file of a state directory; nil where there is none that can be read.
  package init?(_ state: StateDirectory) {
    guard let bytes = try? FileTree.read(state.container, limit: 1 << 20),
      let record = try? JSONDecoder().decode(ContainerRecord.self, from: Data(bytes))
    else { return nil }
    self = record
  }

  /// Writes the file of a state directory.
  package func write(_ state: StateDirectory) throws {
    try FileTree.write(try JSONEncoder().encode(self), to: state.container)
  }
}
