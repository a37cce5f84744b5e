import CLibvirt

extension Domain {
  /// How far the domain's job is; the domain has to run.
  public func jobInfo() async throws -> JobInfo {
    try await call { domain in
      var info = virDomainJobInfo()
      try Calls.check("virDomainGetJobInfo", virDomainGetJobInfo(domain, &info))
      return JobInfo(info)
    }
  }

  /// All that is known of the domain's job, or of the one that ended last.
  public func jobStatistics(_ flags: JobStatisticsFlags = []) async throws -> JobStatistics {
    try await call { domain in
      var kind: Int32 = 0
      let values = try Calls.parameters("virDomainGetJobStats") { (array, count: UnsafeMutablePointer<Int32>) in
        virDomainGetJobStats(domain, &kind, array, count, flags.rawValue)
      }
      return JobStatistics(kind: JobKind(kind), values: values)
    }
  }

  /// Asks the domain's job to end; what waits for it then fails with ``ErrorCode/operationAborted`` or
  /// ``ErrorCode/operationFailed``. With `postCopy`, a migration in its post-copy phase is interrupted and can be resumed.
  public func abortJob(postCopy: Bool = false) async throws {
    _ = try await call { domain in
      if postCopy {
        let flags = UInt32(VIR_DOMAIN_ABORT_JOB_POSTCOPY.rawValue)
        return try Calls.check("virDomainAbortJobFlags", virDomainAbortJobFlags(domain, flags))
      }
      return try Calls.check("virDomainAbortJob", virDomainAbortJob(domain))
    }
  }

  /// Moves the domain to another host and returns when it is there.
  ///
  /// With ``MigrationFlags/peerToPeer`` `uri` is that of the other host's libvirtd, as this one reaches it; the drivers
  /// that need none take the hypervisor's own in ``MigrationParameters/hypervisorURI``. See
  /// https://libvirt.org/migration.html.
  public func migrate(
    to uri: String?, _ flags: MigrationFlags = [.live, .peerToPeer], parameters: MigrationParameters = .init()
  ) async throws {
    _ = try await call { domain in
      let list = TypedParameterList()
      for (name, value) in parameters.values { try list.add(name, value) }
      for disk in parameters.disks { try list.add(VIR_MIGRATE_PARAM_MIGRATE_DISKS, .string(disk)) }
      return try Calls.check(
        "virDomainMigrateToURI3",
        virDomainMigrateToURI3(domain, uri, list.array, UInt32(clamping: list.count), flags.rawValue))
    }
  }

  /// Sets how much memory a migration or a save may send, in MiB/s.
  public func setMaximumMigrationSpeed(_ mebibytesPerSecond: UInt) async throws {
    _ = try await call {
      try Calls.check("virDomainMigrateSetMaxSpeed", virDomainMigrateSetMaxSpeed($0, mebibytesPerSecond, 0))
    }
  }

  /// How much memory a migration or a save may send, in MiB/s.
  public func maximumMigrationSpeed() async throws -> UInt {
    try await call { domain in
      var speed: UInt = 0
      try Calls.check("virDomainMigrateGetMaxSpeed", virDomainMigrateGetMaxSpeed(domain, &speed, 0))
      return speed
    }
  }

  /// Sets how long the guest may stand still at the end of a live migration; the domain has to run.
  public func setMaximumMigrationDowntime(_ time: Duration) async throws {
    _ = try await call {
      try Calls.check("virDomainMigrateSetMaxDowntime", virDomainMigrateSetMaxDowntime($0, time.wholeMilliseconds, 0))
    }
  }

  /// How long the guest may stand still at the end of a live migration; the domain has to run.
  public func maximumMigrationDowntime() async throws -> Duration {
    try await call { domain in
      var milliseconds: UInt64 = 0
      try Calls.check("virDomainMigrateGetMaxDowntime", virDomainMigrateGetMaxDowntime(domain, &milliseconds, 0))
      return .milliseconds(milliseconds)
    }
  }
}
