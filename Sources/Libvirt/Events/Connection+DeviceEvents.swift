import CLibvirt

/// What happens to domains' devices. All of these record from the moment they return; see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainEventID.
extension Connection {
  /// Devices that came, all domains' or one's.
  public func deviceAddedEvents(domain: Domain? = nil) async throws -> DomainEventStream<DomainDeviceEvent> {
    try await aliasEvents(VIR_DOMAIN_EVENT_ID_DEVICE_ADDED, domain)
  }

  /// Devices that went: the guest let them go.
  public func deviceRemovedEvents(domain: Domain? = nil) async throws -> DomainEventStream<DomainDeviceEvent> {
    try await aliasEvents(VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED, domain)
  }

  /// Devices that the guest refused to let go.
  public func deviceRemovalFailedEvents(
    domain: Domain? = nil
  ) async throws -> DomainEventStream<DomainDeviceEvent> {
    try await aliasEvents(VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED, domain)
  }

  private func aliasEvents(
    _ id: virDomainEventID, _ domain: Domain?
  ) async throws -> DomainEventStream<DomainDeviceEvent> {
    let callback: virConnectDomainEventDeviceAddedCallback = { _, domain, alias, listener in
      let event = DomainDeviceEvent(alias: alias.map { String(cString: $0) } ?? "")
      EventListener<DomainDeviceEvent>.deliver(event, of: domain, to: listener)
    }
    return try await events(id, domain, unsafeBitCast(callback, to: UnsafeMutableRawPointer.self))
  }

  /// Disks whose input or output failed on the host.
  public func ioErrorEvents(domain: Domain? = nil) async throws -> DomainEventStream<IOErrorEvent> {
    let callback: virConnectDomainEventIOErrorReasonCallback = { _, domain, path, alias, action, reason, listener in
      EventListener<IOErrorEvent>.deliver(
        IOErrorEvent(path: path, alias: alias, action: action, reason: reason), of: domain, to: listener)
    }
    return try await events(
      VIR_DOMAIN_EVENT_ID_IO_ERROR_REASON, domain, unsafeBitCast(callback, to: UnsafeMutableRawPointer.self))
  }

  /// Block jobs that end or have caught up; disks are named by their targets.
  public func blockJobEvents(domain: Domain? = nil) async throws -> DomainEventStream<BlockJobEvent> {
    let callback: virConnectDomainEventBlockJobCallback = { _, domain, disk, type, status, listener in
      let event = BlockJobEvent(
        disk: disk.map { String(cString: $0) } ?? "", kind: BlockJobKind(type), status: .init(status))
      EventListener<BlockJobEvent>.deliver(event, of: domain, to: listener)
    }
    return try await events(
      VIR_DOMAIN_EVENT_ID_BLOCK_JOB_2, domain, unsafeBitCast(callback, to: UnsafeMutableRawPointer.self))
  }

  /// Trays of drives that the guest or a change of medium moves.
  public func trayEvents(domain: Domain? = nil) async throws -> DomainEventStream<TrayEvent> {
    let callback: virConnectDomainEventTrayChangeCallback = { _, domain, alias, reason, listener in
      EventListener<TrayEvent>.deliver(TrayEvent(alias: alias, reason: reason), of: domain, to: listener)
    }
    return try await events(
      VIR_DOMAIN_EVENT_ID_TRAY_CHANGE, domain, unsafeBitCast(callback, to: UnsafeMutableRawPointer.self))
  }

  /// Memory devices of which the guest takes more or less.
  public func memoryDeviceEvents(domain: Domain? = nil) async throws -> DomainEventStream<MemoryDeviceEvent> {
    let callback: virConnectDomainEventMemoryDeviceSizeChangeCallback = { _, domain, alias, kibibytes, listener in
      EventListener<MemoryDeviceEvent>.deliver(
        MemoryDeviceEvent(alias: alias, kibibytes: kibibytes), of: domain, to: listener)
    }
    return try await events(
      VIR_DOMAIN_EVENT_ID_MEMORY_DEVICE_SIZE_CHANGE, domain,
      unsafeBitCast(callback, to: UnsafeMutableRawPointer.self))
  }
}
