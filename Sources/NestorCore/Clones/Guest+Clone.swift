import Libvirt
import NestorImages
import NestorSupport
import Templates

extension Guest {
  /// How long a copy's agent may take where nobody says: keys are made slowly where the processor is emulated.
  package static let cloneTimeout = Duration.seconds(300)

  /// Makes copies of it, under names that are free; returns these. Where one cannot be finished, none is left.
  ///
  /// Cancelling the task takes back what was made so far, and throws a ``NestorError`` with code `interrupted`. `kind` is
  /// nil for what suits: copies of a guest that runs, or ran when the snapshot was taken, run on from there, those of others
  /// get disks of their own. `snapshot` is a snapshot of the guest; nil is now. `timeout` is how long the agent of a copy
  /// that runs on may take to give it an identity of its own.
  package func clone(
    to names: [GuestName], _ kind: CloneKind? = nil, from snapshot: String? = nil,
    timeout: Duration = Self.cloneTimeout
  ) async throws -> [String] {
    do {
      let kind = if let kind { kind } else { try await suitableCloneKind(snapshot) }
      switch kind {
      case .warm:
        return try await withClones(names) { source, clones in
          try await source.cloneMemory(to: clones, from: snapshot, timeout: timeout)
        }
      case .full:
        return try await withClones(names) { source, clones in
          try await source.cloneDisks(
            try await source.disksToClone(from: snapshot, alternative: Self.warmAlternative), over: nil, to: clones)
        }
      case .linked: return try await cloneLinked(to: names, from: snapshot)
      }
    } catch let error where Task.isCancelled {
      // Where that was not all, what went wrong is told instead.
      if (try? await domain.state())?.status == .paused { throw error }
      throw NestorError(
        .interrupted, "guest '\(name)' was not cloned",
        cause: "that was cancelled; no copy is left, and it goes on as before")
    }
  }

  private static let warmAlternative = ", or let copies run on with --warm"

  private func suitableCloneKind(_ snapshot: String?) async throws -> CloneKind {
    guard let snapshot else { return try await status().isActive ? .warm : .full }
    return try await snapshots.named(snapshot).definition().holdsMemory ? .warm : .full
  }

  /// Makes copies with disks over an image that its own are frozen into.
  private func cloneLinked(to names: [GuestName], from snapshot: String?) async throws -> [String] {
    var made: Image?
    do {
      return try await withClones(names) { source, clones in
        let disks = try await source.disksToClone(from: snapshot, alternative: Self.warmAlternative)
        let base = try await source.freeze(disks)
        // That of a snapshot serves later copies as well.
        if snapshot == nil { made = base?.image }
        try await source.cloneDisks(disks, over: base, to: clones)
      }
    } catch {
      // The copies are gone by now, and nobody else knows of it.
      if let name = made?.name { try? await unbroken { try await hypervisor.deleteImage(name) } }
      throw error
    }
  }

  /// Runs `body`, which makes copies of the guest, while the locks of all are held; returns the copies' names. Where one
  /// cannot be finished, none is left.
  private func withClones(
    _ names: [GuestName], _ body: (LockedGuest, [CloneIdentity]) async throws -> Void
  ) async throws -> [String] {
    try await hypervisor.requireLocal("clone a guest")
    let all = Set([name] + names.map(\.text))
    return try await hypervisor.lockingNames(all, to: "clone", timeout: Hypervisor.snapshotTimeout) {
      let source = try await lookedUpUnderLock(to: "clone")
      try await hypervisor.prepareForGuests(named: Set(names.map(\.text)))
      for name in names where try await hypervisor.wholeGuest(named: name.text, to: "clone") != nil {
        throw NestorError(.exists, "guest '\(name)' exists already", hint: "choose another name")
      }
      let clones = names.map { CloneIdentity(source: (name, uuid), name: $0.text, uuid: Identifiers.randomUUID()) }
      do {
        try await body(source, clones)
        return clones.map(\.name)
      } catch {
        for clone in clones { try? await hypervisor.discardClone(clone) }
        throw error
      }
    }
  }

  /// The first `count` of NAME-1, NAME-2 and so on that no guest has.
  package func freeCloneNames(count: Int) async throws -> [GuestName] {
    let guests = try await withContext("cannot list the guests") { try await hypervisor.connection.domains() }
    let taken = Set(guests.map(\.name))
    let free = (1...).lazy.map { "\(name)-\($0)" }.filter { !taken.contains($0) }
    do {
      return try free.prefix(count).map { try GuestName($0) }
    } catch let error as TemplateError {
      throw NestorError(.invalidName, "the copies of '\(name)' cannot be named after it", cause: "\(error)")
    }
  }
}

extension Hypervisor {
  /// Deletes a copy that could not be finished, if it was begun.
  fileprivate func discardClone(_ clone: CloneIdentity) async throws {
    guard let domain = try? await connection.domain(named: clone.name), domain.uuid == clone.uuid else { return }
    try await held(domain, to: "delete").delete(force: true)
  }
}
