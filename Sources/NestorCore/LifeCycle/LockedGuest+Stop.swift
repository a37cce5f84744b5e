import Libvirt
import NestorSupport

extension LockedGuest {
  /// See ``Guest/stop(_:)``. Returns whether anything was done.
  func stop(_ options: StopOptions) async throws -> Bool {
    let status = try await guest.status()
    guard status.isActive else { return false }
    if options.force {
      hypervisor.report(ProgressReport(name, "pulling the plug"))
      try await withContext("cannot stop guest '\(name)'") { try await destroyIfActive() }
      return true
    }
    if status == .paused {
      throw NestorError(
        .invalidState, "guest '\(name)' is suspended and cannot hear a request to shut down",
        hint: "nestor resume \(name), or pull the plug: nestor stop --force \(name)")
    }
    if status == .panicked {
      throw NestorError(
        .invalidState, "guest '\(name)' has panicked and cannot hear a request to shut down",
        hint: "pull the plug: nestor stop --force \(name)")
    }
    let isOff = try await withContext("cannot go on watching guest '\(name)'") { try await askUntilOff(options) }
    if isOff == true { return true }
    // The last event may have crossed with the end of the time.
    if try await !guest.status().isActive { return true }
    throw NestorError(
      .timedOut, "guest '\(name)' is still running after \(options.timeout.components.seconds) s",
      cause: "it did not act on ACPI's power button\(guest.consoleTail)",
      hint: "give it longer with --timeout, or pull the plug: nestor stop --force \(name)")
  }

  /// Asks it again and again; true once it is off, nil when the time is over.
  private func askUntilOff(_ options: StopOptions) async throws -> Bool? {
    let changes = try await hypervisor.connection.domainLifecycleEvents(domain: domain)
    return try await Deadline(after: options.timeout).limit { [self] in
      try await withThrowingTaskGroup(of: Bool.self) { group in
        group.addTask {
          while true {
            try await self.askToShutDown()
            try await ContinuousClock().sleep(for: options.interval)
          }
        }
        group.addTask {
          for try await change in changes {
            if change.payload.kind == .stopped { return true }
          }
          return try await !self.guest.status().isActive
        }
        defer { group.cancelAll() }
        return try await group.next() ?? false
      }
    }
  }

  private func askToShutDown() async throws {
    hypervisor.report(ProgressReport(name, "asked to shut down by ACPI, waiting for it to power off"))
    do {
      try await domain.shutdown()
    } catch let error as LibvirtError where error.code == .operationInvalid {
      // It went off between two requests; the event that says so is on its way.
    } catch {
      throw NestorError(wrapping: error, "cannot ask guest '\(name)' to shut down")
    }
  }

  /// Pulls the plug, unless it is off already or goes off meanwhile.
  func destroyIfActive() async throws {
    do {
      try await domain.destroy()
    } catch let error as LibvirtError where error.code == .operationInvalid {
      guard try await !domain.isActive() else { throw error }
    }
  }
}
