import CLibvirt

extension Domain {
  /// Starts the domain; one with a saved memory wakes from it.
  public func start(_ flags: DomainStartFlags = []) async throws {
    _ = try await call { try Calls.check("virDomainCreateWithFlags", virDomainCreateWithFlags($0, flags.rawValue)) }
  }

  /// Asks the guest to shut down; returns before it has.
  public func shutdown(_ mode: ShutdownMode = []) async throws {
    _ = try await call { try Calls.check("virDomainShutdownFlags", virDomainShutdownFlags($0, mode.rawValue)) }
  }

  /// Asks the guest to reboot; returns before it has.
  public func reboot(_ mode: ShutdownMode = []) async throws {
    // The flags of both calls have the same values, see virDomainRebootFlagValues.
    _ = try await call { try Calls.check("virDomainReboot", virDomainReboot($0, mode.rawValue)) }
  }

  /// Ends the domain as if its plug were pulled.
  public func destroy(_ flags: DomainDestroyFlags = []) async throws {
    _ = try await call { try Calls.check("virDomainDestroyFlags", virDomainDestroyFlags($0, flags.rawValue)) }
  }

  /// Resets the domain as if its reset button were pressed.
  public func reset() async throws {
    _ = try await call { try Calls.check("virDomainReset", virDomainReset($0, 0)) }
  }

  /// Lets the CPUs stand still.
  public func suspend() async throws {
    _ = try await call { try Calls.check("virDomainSuspend", virDomainSuspend($0)) }
  }

  /// Lets the CPUs run on.
  public func resume() async throws {
    _ = try await call { try Calls.check("virDomainResume", virDomainResume($0)) }
  }

  /// Takes the definition away; a domain that runs then goes on until it ends.
  public func undefine(_ flags: DomainUndefineFlags = []) async throws {
    _ = try await call { try Calls.check("virDomainUndefineFlags", virDomainUndefineFlags($0, flags.rawValue)) }
  }

  /// Saves the memory where libvirt keeps it and ends the domain; its next start wakes it.
  public func managedSave(_ flags: SaveFlags = []) async throws {
    _ = try await call { try Calls.check("virDomainManagedSave", virDomainManagedSave($0, flags.rawValue)) }
  }

  /// Whether there is a saved memory.
  public func hasManagedSave() async throws -> Bool {
    try await call { try Calls.check("virDomainHasManagedSaveImage", virDomainHasManagedSaveImage($0, 0)) == 1 }
  }

  /// Throws the saved memory away.
  public func removeManagedSave() async throws {
    _ = try await call { try Calls.check("virDomainManagedSaveRemove", virDomainManagedSaveRemove($0, 0)) }
  }
}
