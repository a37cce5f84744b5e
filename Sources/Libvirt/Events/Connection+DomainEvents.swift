import CLibvirt

extension Connection {
  /// The steps in the lives of all domains, or of one.
  ///
  /// Events are recorded from the moment this returns, so ask for them first and look at the state after.
  public func domainLifecycleEvents(domain: Domain? = nil) async throws -> DomainEventStream<LifecycleEvent> {
    let callback: virConnectDomainEventCallback = { _, domain, event, detail, listener in
      EventListener<LifecycleEvent>.deliver(LifecycleEvent(event: event, detail: detail), of: domain, to: listener)
      return 0
    }
    return try await events(
      VIR_DOMAIN_EVENT_ID_LIFECYCLE, domain, unsafeBitCast(callback, to: UnsafeMutableRawPointer.self))
  }

  /// Registers a callback and turns what it is called with into a sequence.
  func events<Payload: Sendable>(
    _ id: virDomainEventID, _ domain: Domain?, _ callback: UnsafeMutableRawPointer
  ) async throws -> DomainEventStream<Payload> {
    let address = UInt(bitPattern: callback)
    let key = EventRegistry.Key(call: "virConnectDomainEventRegisterAny", id: id.rawValue, object: domain?.uuid)
    return try await eventSequence(key) { connection, opaque, free in
      virConnectDomainEventRegisterAny(
        connection, domain?.handle.pointer, Int32(bitPattern: id.rawValue),
        nestor_domain_callback(UnsafeMutableRawPointer(bitPattern: address)), opaque, free)
    } deregister: {
      virConnectDomainEventDeregisterAny($0, $1)
    }
  }
}
