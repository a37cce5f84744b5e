import NestorSupport

extension LockedGuest {
  /// Runs `body`, which is work of this kind, so that somebody else ends it where this program or libvirt's daemon does not.
  ///
  /// With `leavesPaused` the guest, which is to run in the end, is paused afterwards, and a note says so; see
  /// ``Hypervisor/resumeAll(_:)``.
  func noting<Value: Sendable>(
    _ kind: UnfinishedWork.Kind, leavesPaused: Bool = false, _ body: () async throws -> Value
  ) async throws -> Value {
    let status: UnfinishedWork.Status = try await withContext("cannot ask for the state of guest '\(name)'") {
      switch try await domain.state().status {
      case .running: .running
      case .paused: .paused
      default: .off
      }
    }
    // Whoever reverts wants nothing of what the guest did before.
    if case .revert = kind {} else { try requireEnded() }
    try note(kind, status: status)
    let value: Value
    do {
      value = try await body()
    } catch {
      // A daemon that still answers has put things in order by itself.
      if (try? await domain.state()) != nil { try? forgetNote() }
      throw error
    }
    if leavesPaused { try note(.pause(nil), status: .running) } else { try? forgetNote() }
    return value
  }

  /// Notes what is done to the guest.
  func note(_ kind: UnfinishedWork.Kind, status: UnfinishedWork.Status, moment: String? = nil) throws {
    try withSystemContext("cannot note what is done to guest '\(name)'") {
      try UnfinishedWork(uuid: uuid, status: status, kind: kind, moment: moment).write(to: guest.unfinishedFile)
    }
  }

  /// Forgets what was noted, which is done.
  func forgetNote() throws { try FileTree.remove(guest.unfinishedFile) }

  /// Refuses to forget work that could not be ended yet, which a warning has told of.
  func requireEnded() throws {
    guard FileTree.exists(guest.unfinishedFile) else { return }
    throw NestorError(
      .busy, "guest '\(name)' is in the middle of other work", cause: "it could not be ended, see the warning",
      hint: "run this again, or take the guest back to a snapshot: nestor snapshot list \(name)")
  }
}
