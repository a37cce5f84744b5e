import Libvirt
import NestorSupport

extension Hypervisor {
  /// Ends work on a guest in whose middle a program was killed, for whoever takes no lock; see ``endUnfinished(of:)``.
  ///
  /// Work that a living program is at holds the guest's lock, and is left alone. So is what libvirt's daemon still goes on
  /// with, what could not be ended before, and all where this user may not.
  func endCutOff(of domain: Domain) async {
    let file = state.unfinished(domain.name)
    guard FileTree.exists(file), let work = UnfinishedWork.read(file), work.uuid == domain.uuid else { return }
    guard (try? await isLocal()) == true, await !isOccupied(domain) else { return }
    guard let lock = try? FileLock.tryAcquire(state.lock("guest", domain.name)) else { return }
    defer { withExtendedLifetime(lock) {} }
    guard !triedToEnd.withLock({ $0.contains(work.id) }), let writer = try? await writing() else { return }
    try? await unbroken { try await writer.endUnfinished(of: domain.name) }
    // The writer may be another one than this.
    _ = triedToEnd.withLock { $0.insert(work.id) }
  }

  /// The same for all guests.
  func endAllCutOff() async {
    for file in (try? state.allUnfinished()) ?? [] {
      guard let uuid = UnfinishedWork.read(file)?.uuid, let domain = try? await connection.domain(uuid: uuid) else {
        continue
      }
      await endCutOff(of: domain)
    }
  }

  /// Whether libvirt is in the middle of something with a guest, for which each other call would wait.
  private func isOccupied(_ domain: Domain) async -> Bool {
    // A guest that is off cannot be asked.
    switch (try? await domain.controlInfo())?.state {
    case .job, .occupied: true
    case .ok, .error, .unknown, nil: false
    }
  }

  /// This one, or one whose connection may change guests.
  private func writing() async throws -> Hypervisor {
    guard connection.isReadOnly else { return self }
    return try await Hypervisor.connect(try await connection.uri(), state: state, report: report, warn: warn)
  }

  /// What a living program does to a guest that stands still for it and runs on by itself; nil where there is none.
  func workOfOthers(on domain: Domain) -> String? {
    guard (try? FileLock.isFree(state.lock("guest", domain.name))) == false else { return nil }
    return notedWork(on: domain)
  }

  /// The same, whether that program still lives or not.
  func notedWork(on domain: Domain) -> String? {
    guard let work = UnfinishedWork.read(state.unfinished(domain.name)), work.uuid == domain.uuid, work.runsOn else {
      return nil
    }
    return work.kind.text
  }
}

extension UnfinishedWork {
  /// Whether the guest runs once the work is done.
  fileprivate var runsOn: Bool {
    switch kind {
    case .standstill, .snapshot, .deletion: status == .running
    case .revert(_, let state): state == .running || state == .asItWas
    }
  }
}

extension UnfinishedWork.Kind {
  /// What is done to the guest, as a sentence.
  fileprivate var text: String {
    switch self {
    case .standstill(Hypervisor.momentOfClones): "copies of it are made"
    case .standstill(nil): "it waits for its copies, or for others that go back with it"
    case .standstill(let name?), .snapshot(let name): "snapshot '\(name)' of it is taken"
    case .revert(let name, _): "it goes back to snapshot '\(name)'"
    case .deletion(let name): "its snapshot '\(name)' is deleted"
    }
  }
}
