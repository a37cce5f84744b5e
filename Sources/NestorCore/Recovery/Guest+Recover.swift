import Libvirt
import NestorSupport

extension Guest {
  /// What says what is done to it at the moment, see ``UnfinishedWork``.
  var unfinishedFile: String { hypervisor.state.unfinished(name) }

  /// Ends work on it in whose middle a program was killed, for whoever takes no lock; see ``LockedGuest/recover()``.
  ///
  /// Work that a living program is at holds the guest's lock, and is left alone. So is what libvirt's daemon still goes on
  /// with, what could not be ended before, and all where this user may not.
  func recoverUnlessLocked() async {
    let work = UnfinishedWork.read(unfinishedFile).flatMap { $0.uuid == uuid ? $0 : nil }
    guard work != nil || hasUnfinishedRename else { return }
    guard (try? await hypervisor.isLocal()) == true, await !isOccupied() else { return }
    guard let lock = try? FileLock.tryAcquire(hypervisor.state.lock("guest", name)) else { return }
    defer { withExtendedLifetime(lock) {} }
    let ids = [work?.id, hasUnfinishedRename ? UnfinishedRename.id(uuid) : nil].compactMap { $0 }
    guard !hypervisor.triedToEnd.withLock({ $0.isSuperset(of: ids) }), let locked = try? await lockedForWriting() else {
      return
    }
    try? await unbroken { try await locked.recover() }
    // The hypervisor that writes may be another one than this.
    hypervisor.triedToEnd.withLock { $0.formUnion(ids) }
  }

  /// Whether libvirt is in the middle of something with it, for which each other call would wait.
  private func isOccupied() async -> Bool {
    // A guest that is off cannot be asked.
    switch (try? await domain.controlInfo())?.state {
    case .job, .occupied: true
    case .ok, .error, .unknown, nil: false
    }
  }

  /// The guest, whose lock is held, on this connection or on one that may change guests.
  private func lockedForWriting() async throws -> LockedGuest {
    guard hypervisor.connection.isReadOnly else { return hypervisor.held(domain, to: "recover") }
    let writer = try await hypervisor.forWriting()
    return writer.held(try await writer.connection.domain(uuid: uuid), to: "recover")
  }

  /// What a living program does to the guest, which is paused for it and is resumed by that; nil where there is none.
  func workOfOthers() -> String? {
    guard (try? FileLock.isFree(hypervisor.state.lock("guest", name))) == false else { return nil }
    return notedWork()
  }

  /// The same, whether that program still lives or not.
  func notedWork() -> String? {
    guard let work = UnfinishedWork.read(unfinishedFile), work.uuid == uuid, work.runsAfterwards else { return nil }
    return work.kind.text
  }
}

extension Hypervisor {
  /// This one, or one like it that may change guests.
  func forWriting() async throws -> Hypervisor {
    guard connection.isReadOnly else { return self }
    return try await Hypervisor.connect(try await connection.uri(), state: state, report: report, warn: warn)
  }

  /// Ends work in whose middle a program was killed, on all guests; see ``Guest/recoverUnlessLocked()``.
  func recoverAllUnlessLocked() async {
    for file in (try? state.allUnfinishedRenewals()) ?? [] {
      if let name = UnfinishedRenewal.read(file)?.name {
        await endRenewalUnlessLocked(of: name)
      } else if FileTree.exists(file), triedToEnd.withLock({ $0.insert(file).inserted }) {
        warn("what a guest is that was being renewed cannot be read: \(file)")
      }
    }
    for file in (try? state.allUnfinished()) ?? [] {
      guard let uuid = UnfinishedWork.read(file)?.uuid, let domain = try? await connection.domain(uuid: uuid) else {
        continue
      }
      await guest(domain).recoverUnlessLocked()
    }
    for uuid in (try? FileTree.names(in: state.guests)) ?? [] where FileTree.exists(state.unfinishedRename(uuid)) {
      guard let domain = try? await connection.domain(uuid: uuid) else { continue }
      await guest(domain).recoverUnlessLocked()
    }
  }
}

extension UnfinishedWork {
  /// Whether the guest runs once the work is done.
  fileprivate var runsAfterwards: Bool {
    switch kind {
    case .pause, .snapshot, .deletion: status == .running
    case .revert(_, let state): state == .running || state == .fromSnapshot
    }
  }
}

extension UnfinishedWork.Kind {
  /// What is done to the guest, as a sentence.
  fileprivate var text: String {
    switch self {
    case .pause(Snapshot.nameForClones): "copies of it are made"
    case .pause(nil): "it waits for its copies, or for others that go back with it"
    case .pause(let name?), .snapshot(let name): "snapshot '\(name)' of it is taken"
    case .revert(let name, _): "it goes back to snapshot '\(name)'"
    case .deletion(let name): "its snapshot '\(name)' is deleted"
    }
  }
}
