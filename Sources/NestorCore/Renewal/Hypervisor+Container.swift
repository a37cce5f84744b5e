import Libvirt
import NestorSupport
import Probes

extension Hypervisor {
  /// Guests that have twins, because their container was copied.
  package struct CopiedGuests: Sendable, Equatable {
    /// The host name of the container that was copied.
    package var source: String
    /// The guests' names.
    package var names: [String]
  }

  /// The guests that came with a copy of a container and have their source's identity still; nil where there are none.
  ///
  /// What is found is kept in the state directory, where this user may write that.
  package func copiedGuests(in container: ContainerIdentity? = ContainerIdentity()) async throws -> CopiedGuests? {
    await recoverAllUnlessLocked()
    return try await presentCopiedGuests(in: container)
  }

  /// The same for whoever has ended what was unfinished already.
  private func presentCopiedGuests(in container: ContainerIdentity?) async throws -> CopiedGuests? {
    guard let container, try await isLocal(), let record = try noteContainer(container), let source = record.source
    else { return nil }
    let domains = try await withContext("cannot list the guests") { try await connection.domains() }
    let names = domains.filter { record.twins.contains($0.uuid) }.map(\.name).sorted()
    return names.isEmpty ? nil : CopiedGuests(source: source, names: names)
  }

  /// Does what has to be done before guests of these names are made: in a copy of a container they are to be told from those
  /// that came with it, and one that gets another name must not lose its old one's files to them.
  func prepareForGuests(named names: Set<String>) async throws {
    await recoverAllUnlessLocked()
    if let container = ContainerIdentity() { _ = try? noteContainer(container, beforeMaking: true) }
    for uuid in (try? FileTree.names(in: state.guests)) ?? [] {
      guard let work = UnfinishedRename.read(state.unfinishedRename(uuid)), names.contains(work.from),
        try await connection.uri() == work.uri
      else { continue }
      throw NestorError(
        .busy, "cannot make guest '\(work.from)'", cause: "another guest of that name is being renamed",
        hint: "run this again when that is done; nestor list does it, or says why it cannot be done")
    }
  }

  /// Notes in which container the guests are; returns what is known then, which is nothing as long as there are no guests.
  func noteContainer(_ container: ContainerIdentity, beforeMaking: Bool = false) throws -> ContainerRecord? {
    let known = ContainerRecord(state)
    let guests = try withSystemContext("cannot list the guests' files") { try FileTree.names(in: state.guests) }
    guard known != nil || beforeMaking || !guests.isEmpty else { return nil }
    let record = (known ?? ContainerRecord(identity: container)).updated(container, guests: guests)
    if record != known { try? record.write(state) }
    return record
  }

  /// Has guests of a container that was moved, not copied, keep their identity.
  package func keepIdentities(in container: ContainerIdentity? = ContainerIdentity()) async throws {
    guard let container else {
      throw NestorError(
        .unsupported, "there is nothing to keep", cause: "this is no container of LXD's or Incus's with a NIC")
    }
    try state.prepare()
    try withSystemContext("cannot note that the guests keep their identity") {
      try ContainerRecord(identity: container).write(state)
    }
  }

  /// Warns of guests that have twins in another container, after ``list()``.
  package func warnOfCopiedGuests() async {
    guard let copied = try? await presentCopiedGuests(in: ContainerIdentity()) else { return }
    warn(copied.warning)
  }
}

extension Hypervisor.CopiedGuests {
  /// What is wrong with them, and what to do.
  var warning: String {
    "this container is a copy of '\(source)', so these guests have the UUIDs, addresses and keys of others there: "
      + names.joined(separator: ", ")
      + "; give them their own: nestor renew --copied; or, where it was moved: nestor renew --keep"
  }
}
