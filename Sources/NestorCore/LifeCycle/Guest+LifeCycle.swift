import Libvirt
import NestorSupport

extension Guest {
  /// Starts it; one that runs already is left alone.
  ///
  /// One with a managed save wakes from it, unless `booting` is set: then that memory is lost. Returns whether anything was
  /// done.
  @discardableResult
  package func start(booting: Bool = false) async throws -> Bool {
    try await withLock(to: "start") { guest in
      if booting { try await guest.giveUpSavedMemory() }
      return try await guest.start()
    }
  }

  /// Shuts it down and waits until it is off; one that is off already is left alone.
  ///
  /// The guest is asked by ACPI, again and again, because one that still boots does not hear the first request. Throws
  /// ``NestorError`` of code `timedOut` when it does not obey in time; it then runs on.
  @discardableResult
  package func stop(_ options: StopOptions = StopOptions()) async throws -> Bool {
    try await withLock(to: "stop", timeout: options.timeout + .seconds(30)) { try await $0.stop(options) }
  }

  /// Stops it and starts it again, so that it runs with its newest settings.
  package func restart(_ options: StopOptions = StopOptions()) async throws {
    try await withLock(to: "restart", timeout: options.timeout + .seconds(30)) { guest in
      _ = try await guest.stop(options)
      _ = try await guest.start()
    }
  }

  /// Pauses its CPUs; its memory stays where it is.
  package func suspend() async throws {
    try await withLock(to: "suspend") { guest in
      if try await status() == .paused { return }
      try await guest.attempt { try await domain.suspend() }
    }
  }

  /// Lets a suspended guest run on, with the time of now where its agent can set it.
  package func resume() async throws {
    try await withLock(to: "resume") { guest in
      if try await status() == .running { return }
      try await guest.attempt { try await domain.resume() }
      await agent.catchUpClock()
    }
  }

  /// Saves its memory to disk and stops it; the next start wakes it where it was (libvirt's managed save).
  ///
  /// Reports how much is written. Cancelling the task ends the save: the guest runs on, no file is left, and ``NestorError``
  /// of code `interrupted` is thrown, unless the save was through already.
  package func save() async throws {
    try await withLock(to: "save", timeout: .seconds(600)) { try await $0.save() }
  }

  /// Deletes it with all that Nestor made for it, and nothing else.
  ///
  /// The files go before the domain does, so that as long as anything is left libvirt still names the guest, and this can be
  /// called again. A guest that Nestor did not make loses its definition, snapshots' metadata and saved memory; its disks
  /// stay. Throws ``NestorError`` of code `invalidState` when it runs and `force` is not set.
  package func delete(force: Bool = false) async throws {
    try await withLock(to: "delete") { try await $0.delete(force: force) }
  }
}
