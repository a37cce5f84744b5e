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
    let (stream, continuation) = AsyncThrowingStream.makeStream(
      of: DomainEvent<Payload>.self, throwing: (any Error).self, bufferingPolicy: .bufferingNewest(10_000))
    let listener = EventListener(continuation)
    let address = UInt(bitPattern: callback)
    let handle = try openHandle()
    let number = try await CallExecutor.shared.run {
      let retained = Unmanaged.passRetained(listener)
      let status = virConnectDomainEventRegisterAny(
        handle.pointer, domain?.handle.pointer, Int32(bitPattern: id.rawValue),
        nestor_domain_callback(UnsafeMutableRawPointer(bitPattern: address)), retained.toOpaque(),
        { data in
          if let data { Unmanaged<AnyObject>.fromOpaque(data).release() }
        })
      if status < 0 { retained.release() }
      return try Calls.check("virConnectDomainEventRegisterAny", status)
    }
    let closing = whenClosed { [weak self] in continuation.finish(throwing: self?.closingError()) }
    continuation.onTermination = { [weak self] _ in
      self?.forget(closing)
      // A call to the daemon, so not on the thread that ends the sequence. The registration keeps the connection open,
      // so it is taken back even when the connection's object was closed or is gone.
      CallExecutor.shared.enqueue { virConnectDomainEventDeregisterAny(handle.pointer, number) }
    }
    return DomainEventStream(stream: stream)
  }
}
