import CLibvirt

extension Domain {
  /// Sends a command to QEMU's monitor and answers with what it says; the domain has to run.
  ///
  /// JSON as of https://www.qemu.org/docs/master/interop/qemu-qmp-ref.html, or the human monitor's language with
  /// `isHuman`. libvirt marks a domain as tainted that was used so, and loses sight of what is changed behind its back.
  public func monitorCommand(_ command: String, isHuman: Bool = false) async throws -> String {
    let flags = isHuman ? UInt32(VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP.rawValue) : 0
    return try await call { domain in
      var answer: UnsafeMutablePointer<CChar>?
      try Calls.check("virDomainQemuMonitorCommand", virDomainQemuMonitorCommand(domain, command, &answer, flags))
      return try Calls.string("virDomainQemuMonitorCommand", answer)
    }
  }

  /// Whether the hypervisor can be spoken with now; the domain has to run.
  public func controlInfo() async throws -> ControlInfo {
    try await call { domain in
      var info = virDomainControlInfo()
      try Calls.check("virDomainGetControlInfo", virDomainGetControlInfo(domain, &info, 0))
      return ControlInfo(info)
    }
  }

  /// The kind of guest, such as `hvm`.
  public func osType() async throws -> String {
    try await call { try Calls.string("virDomainGetOSType", virDomainGetOSType($0)) }
  }

  /// What libvirt has to say of the domain: uses that taint it, and settings that are going to be dropped.
  public func messages() async throws -> [String] {
    try await call { domain in try Calls.strings("virDomainGetMessages") { virDomainGetMessages(domain, $0, 0) } }
  }
}
