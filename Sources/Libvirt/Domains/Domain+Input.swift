import CLibvirt

extension Domain {
  /// Presses keys together for a time, in whole milliseconds; no more than sixteen. The domain has to run.
  ///
  /// See https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainSendKey.
  public func sendKey(_ keys: [UInt32], set: KeyCodeSet = .linux, holding time: Duration = .zero) async throws {
    _ = try await call { domain in
      var keys = keys
      return try Calls.check(
        "virDomainSendKey",
        virDomainSendKey(
          domain, set.rawValue, UInt32(clamping: time.wholeMilliseconds), &keys, Int32(clamping: keys.count), 0))
    }
  }

  /// Injects a non-maskable interrupt; what the guest makes of it is its own affair. The domain has to run.
  public func injectNMI() async throws {
    _ = try await call { try Calls.check("virDomainInjectNMI", virDomainInjectNMI($0, 0)) }
  }

  /// Lets the guest put itself to sleep, which needs the QEMU guest agent; returns before it sleeps.
  public func pmSuspend(to target: SuspendTarget) async throws {
    _ = try await call {
      try Calls.check("virDomainPMSuspendForDuration", virDomainPMSuspendForDuration($0, target.rawValue, 0, 0))
    }
  }

  /// Wakes a guest that put itself to sleep in its memory.
  public func pmWakeUp() async throws {
    _ = try await call { try Calls.check("virDomainPMWakeup", virDomainPMWakeup($0, 0)) }
  }
}
