import CLibvirt

extension Domain {
  /// How many virtual CPUs the domain has, or may have at most where the flags say so.
  public func cpuCount(scope: ModificationScope = .current, _ flags: CPUCountFlags = []) async throws -> Int {
    try await call {
      Int(
        try Calls.check("virDomainGetVcpusFlags", virDomainGetVcpusFlags($0, scope.rawValue | flags.rawValue)))
    }
  }

  /// Sets how many virtual CPUs the domain has, or may have at most where the flags say so.
  ///
  /// A CPU of a guest that runs can be taken away only if it was added as hotpluggable. See
  /// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainSetVcpusFlags.
  public func setCPUCount(
    _ count: UInt32, scope: ModificationScope = .current, _ flags: CPUCountFlags = []
  ) async throws {
    _ = try await call {
      try Calls.check(
        "virDomainSetVcpusFlags", virDomainSetVcpusFlags($0, count, scope.rawValue | flags.rawValue))
    }
  }
}
