import CLibvirt

extension Domain {
  /// Adds a device, of which `xml` is the element in the domain's XML, see https://libvirt.org/formatdomain.html#devices.
  public func attachDevice(xml: String, scope: ModificationScope = .current) async throws {
    _ = try await call {
      try Calls.check("virDomainAttachDeviceFlags", virDomainAttachDeviceFlags($0, xml, scope.rawValue))
    }
  }

  /// Takes the device away that `xml` describes.
  ///
  /// A guest that runs has to let it go: this may return before it has. Wait for
  /// ``Connection/deviceRemovedEvents(domain:)``, asked for beforehand.
  public func detachDevice(xml: String, scope: ModificationScope = .current) async throws {
    _ = try await call {
      try Calls.check("virDomainDetachDeviceFlags", virDomainDetachDeviceFlags($0, xml, scope.rawValue))
    }
  }

  /// Takes the device of an alias away, as ``detachDevice(xml:scope:)`` does; it returns before the guest let it go.
  public func detachDevice(alias: String, scope: ModificationScope = .current) async throws {
    _ = try await call {
      try Calls.check("virDomainDetachDeviceAlias", virDomainDetachDeviceAlias($0, alias, scope.rawValue))
    }
  }

  /// Changes the device that `xml` describes, such as a NIC's link or a drive's medium. With `force`, a drive's tray is
  /// opened against the guest's will.
  public func updateDevice(xml: String, scope: ModificationScope = .current, force: Bool = false) async throws {
    let flags = scope.rawValue | (force ? UInt32(VIR_DOMAIN_DEVICE_MODIFY_FORCE.rawValue) : 0)
    _ = try await call {
      try Calls.check("virDomainUpdateDeviceFlags", virDomainUpdateDeviceFlags($0, xml, flags))
    }
  }

  /// Sizes of a disk; `disk` is its target such as `vda`, or its source's path.
  public func blockInfo(_ disk: String) async throws -> BlockInfo {
    try await call { domain in
      var info = virDomainBlockInfo()
      try Calls.check("virDomainGetBlockInfo", virDomainGetBlockInfo(domain, disk, &info, 0))
      return BlockInfo(capacity: info.capacity, allocation: info.allocation, physical: info.physical)
    }
  }

  /// What was read and written on a disk, or on all disks together with an empty `disk`; the domain has to run.
  public func blockStatistics(_ disk: String = "") async throws -> BlockStatistics {
    try await call { domain in
      // Asked without an array, libvirt says how large it has to be.
      var count: Int32 = 0
      try Calls.check("virDomainBlockStatsFlags", virDomainBlockStatsFlags(domain, disk, nil, &count, 0))
      let values = try TypedParameters.filled(count) { array, count in
        try Calls.check("virDomainBlockStatsFlags", virDomainBlockStatsFlags(domain, disk, array, &count, 0))
      }
      return BlockStatistics(values: values)
    }
  }

  /// Makes a disk of a domain that runs larger or smaller, to a size in bytes; the guest's file systems stay as they
  /// are.
  public func resizeBlock(_ disk: String, to bytes: UInt64) async throws {
    let flags = UInt32(VIR_DOMAIN_BLOCK_RESIZE_BYTES.rawValue)
    _ = try await call { try Calls.check("virDomainBlockResize", virDomainBlockResize($0, disk, bytes, flags)) }
  }

  /// What went over a NIC; `device` is its tap's name on the host, or its MAC address. The domain has to run.
  public func interfaceStatistics(_ device: String) async throws -> InterfaceStatistics {
    try await call { domain in
      var statistics = virDomainInterfaceStatsStruct()
      try Calls.check(
        "virDomainInterfaceStats",
        virDomainInterfaceStats(domain, device, &statistics, MemoryLayout<virDomainInterfaceStatsStruct>.size))
      return InterfaceStatistics(statistics)
    }
  }

  /// The disks that have errors, by their targets; empty where all is well. The domain has to run.
  public func diskErrors() async throws -> [String: DiskError] {
    try await call { domain in
      let room = try Calls.check("virDomainGetDiskErrors", virDomainGetDiskErrors(domain, nil, 0, 0))
      guard room > 0 else { return [:] }
      var errors = [virDomainDiskError](repeating: virDomainDiskError(), count: Int(room))
      let count = try Calls.check(
        "virDomainGetDiskErrors", virDomainGetDiskErrors(domain, &errors, UInt32(room), 0))
      return DiskError.taking(errors.prefix(Int(count)))
    }
  }
}
