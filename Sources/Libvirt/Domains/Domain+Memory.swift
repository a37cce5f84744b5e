import CLibvirt

extension Domain {
  /// The most memory that the domain may have, in bytes.
  public func maximumMemory() async throws -> UInt64 {
    try await call { domain in
      let kibibytes = virDomainGetMaxMemory(domain)
      // Here it is nought that tells of a failure.
      guard kibibytes > 0 else { throw LibvirtError(last: "virDomainGetMaxMemory") }
      return UInt64(kibibytes).multipliedReportingOverflow(by: 1024).partialValue
    }
  }

  /// Sets the memory that the domain has, in bytes, rounded down to whole KiB; a guest that runs needs a balloon driver.
  public func setMemory(_ bytes: UInt64, scope: ModificationScope = .current) async throws {
    _ = try await call {
      try Calls.check("virDomainSetMemoryFlags", virDomainSetMemoryFlags($0, UInt(bytes / 1024), scope.rawValue))
    }
  }

  /// Sets the most memory that the domain may have, in bytes, rounded down to whole KiB; QEMU changes that of the next
  /// start only.
  public func setMaximumMemory(_ bytes: UInt64, scope: ModificationScope = .config) async throws {
    let flags = scope.rawValue | UInt32(VIR_DOMAIN_MEM_MAXIMUM.rawValue)
    _ = try await call {
      try Calls.check("virDomainSetMemoryFlags", virDomainSetMemoryFlags($0, UInt(bytes / 1024), flags))
    }
  }

  /// What is known of the guest's memory; the domain has to run.
  public func memoryStatistics() async throws -> MemoryStatistics {
    try await call { domain in
      let room = Int(VIR_DOMAIN_MEMORY_STAT_NR.rawValue)
      var statistics = [virDomainMemoryStatStruct](repeating: virDomainMemoryStatStruct(), count: room)
      let count = try Calls.check(
        "virDomainMemoryStats", virDomainMemoryStats(domain, &statistics, UInt32(clamping: room), 0))
      return MemoryStatistics(statistics.prefix(Int(count)))
    }
  }

  /// Sets how often the guest's balloon driver reports, in whole seconds; no time stops it.
  public func setMemoryStatisticsPeriod(_ period: Duration, scope: ModificationScope = .current) async throws {
    _ = try await call {
      try Calls.check(
        "virDomainSetMemoryStatsPeriod",
        virDomainSetMemoryStatsPeriod($0, Int32(clamping: period.wholeSeconds), scope.rawValue))
    }
  }
}
