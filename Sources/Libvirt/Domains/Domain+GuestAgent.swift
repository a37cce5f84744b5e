import CLibvirt

/// What the QEMU guest agent does in a guest that has one; without it these fail with
/// ``ErrorCode/agentUnresponsive`` or ``ErrorCode/argumentUnsupported``.
extension Domain {
  /// Sends a command to the agent, as JSON, and answers with what it says, see
  /// https://www.qemu.org/docs/master/interop/qemu-ga-ref.html.
  ///
  /// libvirt marks a domain as tainted that was used so.
  public func agentCommand(_ json: String, timeout: AgentTimeout = .standard) async throws -> String {
    try await call {
      try Calls.string("virDomainQemuAgentCommand", virDomainQemuAgentCommand($0, json, timeout.number, 0))
    }
  }

  /// Sets how long libvirt's own uses of the agent wait for it.
  public func setAgentTimeout(_ timeout: AgentTimeout) async throws {
    _ = try await call {
      try Calls.check("virDomainAgentSetResponseTimeout", virDomainAgentSetResponseTimeout($0, timeout.number, 0))
    }
  }

  /// What the agent knows, by libvirt's names, such as `os.pretty-name`.
  ///
  /// See https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainGetGuestInfo.
  public func guestInfo(_ kinds: GuestInfoKinds = []) async throws -> [String: TypedValue] {
    try await call { domain in
      try Calls.parameters("virDomainGetGuestInfo") { (array, count: UnsafeMutablePointer<Int32>) in
        virDomainGetGuestInfo(domain, kinds.rawValue, array, count, 0)
      }
    }
  }

  /// The guest's host name.
  public func guestHostname(_ source: HostnameSource = []) async throws -> String {
    try await call { try Calls.string("virDomainGetHostname", virDomainGetHostname($0, source.rawValue)) }
  }

  /// The time on the guest's clock.
  public func guestTime() async throws -> GuestTime {
    try await call { domain in
      var seconds: Int64 = 0
      var nanoseconds: UInt32 = 0
      try Calls.check("virDomainGetTime", virDomainGetTime(domain, &seconds, &nanoseconds, 0))
      return GuestTime(seconds: seconds, nanoseconds: nanoseconds)
    }
  }

  /// Sets the guest's clock; nil takes the time of its hardware clock.
  public func setGuestTime(_ time: GuestTime?) async throws {
    let flags = time == nil ? UInt32(VIR_DOMAIN_TIME_SYNC.rawValue) : 0
    _ = try await call {
      try Calls.check(
        "virDomainSetTime", virDomainSetTime($0, time?.seconds ?? 0, time?.nanoseconds ?? 0, flags))
    }
  }

  /// Sets the password of a user of the guest; `isEncrypted` says that it is a hash as /etc/shadow has it.
  public func setUserPassword(user: String, password: String, isEncrypted: Bool = false) async throws {
    let flags = isEncrypted ? UInt32(VIR_DOMAIN_PASSWORD_ENCRYPTED.rawValue) : 0
    _ = try await call {
      try Calls.check("virDomainSetUserPassword", virDomainSetUserPassword($0, user, password, flags))
    }
  }

  /// Stops writing to the guest's file systems of these mount points, or to all of them; answers with how many.
  public func freezeFileSystems(_ mountPoints: [String] = []) async throws -> Int {
    try await call { domain in
      try CStrings.with(mountPoints) { array, count in
        Int(
          try Calls.check(
            "virDomainFSFreeze", virDomainFSFreeze(domain, mountPoints.isEmpty ? nil : array, count, 0)))
      }
    }
  }

  /// Lets writing go on; libvirt ignores which file systems are named. Answers with how many they were.
  public func thawFileSystems(_ mountPoints: [String] = []) async throws -> Int {
    try await call { domain in
      try CStrings.with(mountPoints) { array, count in
        Int(try Calls.check("virDomainFSThaw", virDomainFSThaw(domain, mountPoints.isEmpty ? nil : array, count, 0)))
      }
    }
  }

  /// Gives unused blocks of the guest's file systems back, where they make up at least `minimum` bytes in a row; QEMU
  /// knows all mount points together only, so nil.
  public func trimFileSystems(mountPoint: String? = nil, minimum: UInt64 = 0) async throws {
    _ = try await call { try Calls.check("virDomainFSTrim", virDomainFSTrim($0, mountPoint, minimum, 0)) }
  }
}
