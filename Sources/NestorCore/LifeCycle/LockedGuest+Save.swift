import Libvirt
import NestorSupport

extension LockedGuest {
  /// See ``Guest/save()``.
  func save() async throws {
    guard try await guest.status().isActive else {
      if try await domain.hasManagedSave() { return }
      throw NestorError(
        .invalidState, "guest '\(name)' is not running, so there is no memory to save",
        hint: "start it first: nestor start \(name)")
    }
    if let blocker = try await blocker(to: .save, of: try await definition()) {
      throw error(.unsupported, blocker.cause, hint: blocker.hint)
    }
    hypervisor.report(ProgressReport(name, "saving its memory"))
    do {
      try await keepingTime {
        try await watchingJob("saving its memory") { [domain] in try await domain.managedSave() }
      }
    } catch  where Task.isCancelled {
      throw NestorError(
        .interrupted, "guest '\(name)' was not saved", cause: "that was cancelled; it goes on as before")
    } catch {
      throw NestorError(wrapping: error, failure)
    }
  }

  /// Runs a call that is a job of libvirt's; reports how far that is, and ends it when the task is cancelled.
  private func watchingJob(_ stage: String, _ call: @Sendable () async throws -> Void) async throws {
    let watcher = Task { [domain, report = hypervisor.report] in
      while !Task.isCancelled {
        try? await ContinuousClock().sleep(for: .milliseconds(300))
        guard let job = try? await domain.jobInfo(), job.data.total > 0 else { continue }
        report(ProgressReport(domain.name, stage, fraction: Double(job.data.processed) / Double(job.data.total)))
      }
    }
    defer { watcher.cancel() }
    let end = JobEnd(domain)
    defer { end.isOver.store(true, ordering: .relaxed) }
    try await withTaskCancellationHandler {
      try await call()
    } onCancel: {
      Task.detached { await end.hasten() }
    }
  }
}
