import Libvirt
import LibvirtFailures
import NestorSupport
import Synchronization

extension Hypervisor {
  /// Saves a guest's memory to disk and stops it; the next start wakes it where it was (libvirt's managed save).
  ///
  /// Reports how much is written. Cancelling the task ends the save: the guest runs on, no file is left, and a
  /// ``NestorError`` with code `interrupted` is thrown, unless the save was through already.
  public func save(_ name: String) async throws {
    try await locking(name, to: "save", seconds: 600) {
      let domain = try await domain(name)
      guard try await status(of: domain, record: nil).isActive else {
        if try await domain.hasManagedSave() { return }
        throw NestorError(
          .invalidState, "guest '\(name)' is not running, so there is no memory to save",
          hint: "start it first: nestor start \(name)")
      }
      report(ProgressReport(name, "saving its memory"))
      do {
        try await keepingTime(of: domain) {
          try await watchingJob(of: domain, "saving its memory") { try await domain.managedSave() }
        }
      } catch  where Task.isCancelled {
        throw NestorError(
          .interrupted, "guest '\(name)' was not saved", cause: "that was cancelled; it goes on as before")
      } catch {
        throw NestorError(explaining: error, "cannot save guest '\(name)'")
      }
    }
  }

  /// Runs a call of libvirt's that is a job of the domain; reports how far that is, and ends it when the task is cancelled.
  private func watchingJob(
    of domain: Domain, _ stage: String, _ call: @Sendable () async throws -> Void
  ) async throws {
    let watcher = Task { [report] in
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

/// Ends a job of a domain before it is through.
private final class JobEnd: Sendable {
  /// Whether the job is over, so that another one is left alone.
  let isOver = Atomic(false)
  private let domain: Domain

  init(_ domain: Domain) {
    self.domain = domain
  }

  /// Asks libvirt to end it, again and again, since it may not have begun yet.
  func hasten() async {
    while !isOver.load(ordering: .relaxed) {
      if (try? await domain.abortJob()) != nil { return }
      try? await ContinuousClock().sleep(for: .milliseconds(50))
    }
  }
}
