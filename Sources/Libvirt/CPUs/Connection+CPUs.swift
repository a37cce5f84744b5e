import CLibvirt

extension Connection {
  /// The names of the CPU models that libvirt knows for an architecture, such as `x86_64`; empty where it leaves them
  /// to the hypervisor.
  public func cpuModelNames(architecture: String) async throws -> [String] {
    try await call { connection in
      try Calls.strings("virConnectGetCPUModelNames") {
        virConnectGetCPUModelNames(connection, architecture, $0, 0)
      }
    }
  }

  /// What the host's CPU is to the one of the XML: a `<cpu>` element, or a domain's or the capabilities' that has one.
  ///
  /// See https://libvirt.org/html/libvirt-libvirt-host.html#virConnectCompareCPU.
  public func compareCPU(xml: String, _ flags: CPUComparisonFlags = []) async throws -> CPUComparison {
    try await call { connection in
      CPUComparison(try Calls.check("virConnectCompareCPU", virConnectCompareCPU(connection, xml, flags.rawValue)))
    }
  }

  /// What the CPU that the hypervisor can offer here is to the one of the XML; nil leaves the choice of an emulator, an
  /// architecture, a machine and a type to libvirt.
  ///
  /// See https://libvirt.org/html/libvirt-libvirt-host.html#virConnectCompareHypervisorCPU.
  public func compareHypervisorCPU(
    xml: String, emulator: String? = nil, architecture: String? = nil, machine: String? = nil, type: String? = nil,
    _ flags: CPUComparisonFlags = []
  ) async throws -> CPUComparison {
    try await call { connection in
      CPUComparison(
        try Calls.check(
          "virConnectCompareHypervisorCPU",
          virConnectCompareHypervisorCPU(connection, emulator, architecture, machine, type, xml, flags.rawValue)))
    }
  }

  /// The XML of the best CPU that all hosts of these CPUs have.
  ///
  /// See https://libvirt.org/html/libvirt-libvirt-host.html#virConnectBaselineCPU.
  public func baselineCPU(xmls: [String], _ flags: CPUBaselineFlags = []) async throws -> String {
    try await call { connection in
      try CStrings.with(xmls) { array, count in
        try Calls.string("virConnectBaselineCPU", virConnectBaselineCPU(connection, array, count, flags.rawValue))
      }
    }
  }

  /// The XML of the best CPU that the hypervisors of all hosts of these CPUs can offer; nil leaves the choice to libvirt.
  ///
  /// See https://libvirt.org/html/libvirt-libvirt-host.html#virConnectBaselineHypervisorCPU.
  public func baselineHypervisorCPU(
    xmls: [String], emulator: String? = nil, architecture: String? = nil, machine: String? = nil, type: String? = nil,
    _ flags: CPUBaselineFlags = []
  ) async throws -> String {
    try await call { connection in
      try CStrings.with(xmls) { array, count in
        try Calls.string(
          "virConnectBaselineHypervisorCPU",
          virConnectBaselineHypervisorCPU(
            connection, emulator, architecture, machine, type, array, count, flags.rawValue))
      }
    }
  }

  /// How many virtual CPUs a domain of a type, such as `kvm`, may have; nil leaves the type to libvirt.
  public func maximumCPUs(type: String? = nil) async throws -> Int {
    try await call { Int(try Calls.check("virConnectGetMaxVcpus", virConnectGetMaxVcpus($0, type))) }
  }
}
