import Libvirt
import NestorSupport

extension Orchestrator {
  /// Ends work on a guest in whose middle a program was killed, for whoever takes no lock; see ``endUnfinished(of:)``.
  ///
  /// Work that a living program is at holds the guest's lock, and is left alone. So is all where this user may not.
  func endCutOff(of domain: Domain) async {
    let file = state.unfinished(domain.name)
    guard FileTree.exists(file), UnfinishedWork.read(file)?.uuid == domain.uuid else { return }
    guard let lock = try? FileLock.tryAcquire(state.lock("guest", domain.name)) else { return }
    defer { withExtendedLifetime(lock) {} }
    guard let writer = try? await writing() else { return }
    // Why it could not be ended has been told.
    try? await unbroken { try await writer.endUnfinished(of: domain.name) }
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

  /// This one, or one whose connection may change guests.
  private func writing() async throws -> Orchestrator {
    guard connection.isReadOnly else { return self }
    return try await Orchestrator.connect(try await connection.uri(), state: state, report: report, warn: warn)
  }

  /// What another program does to a guest that stands still for it and runs on by itself; nil where there is none.
  func workOfOthers(on domain: Domain) -> String? {
    let work = UnfinishedWork.read(state.unfinished(domain.name))
    return work?.uuid == domain.uuid ? work?.kind.text : nil
  }
}

extension UnfinishedWork.Kind {
  /// What is done to the guest, as a sentence.
  fileprivate var text: String {
    switch self {
    case .standstill(Orchestrator.momentOfClones): "copies of it are made"
    case .standstill(nil): "it is kept or taken back together with others"
    case .standstill(let name?), .snapshot(let name): "snapshot '\(name)' of it is taken"
    case .revert(let name, _): "it goes back to snapshot '\(name)'"
    case .deletion(let name): "its snapshot '\(name)' is deleted"
    }
  }
}
