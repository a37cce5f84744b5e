import CLibvirt

/// What guests do. All of these record from the moment they return; see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainEventID.
extension Connection {
  /// Guests that reboot by themselves, all domains' or one's.
  public func rebootEvents(domain: Domain? = nil) async throws -> DomainEventStream<RebootEvent> {
    let callback: virConnectDomainEventGenericCallback = { _, domain, listener in
      EventListener<RebootEvent>.deliver(RebootEvent(), of: domain, to: listener)
    }
    return try await events(
      VIR_DOMAIN_EVENT_ID_REBOOT, domain, unsafeBitCast(callback, to: UnsafeMutableRawPointer.self))
  }

  /// Watchdogs that fire, with what happens then.
  public func watchdogEvents(domain: Domain? = nil) async throws -> DomainEventStream<WatchdogAction> {
    let callback: virConnectDomainEventWatchdogCallback = { _, domain, action, listener in
      EventListener<WatchdogAction>.deliver(WatchdogAction(action), of: domain, to: listener)
    }
    return try await events(
      VIR_DOMAIN_EVENT_ID_WATCHDOG, domain, unsafeBitCast(callback, to: UnsafeMutableRawPointer.self))
  }

  /// The QEMU guest agent that comes and goes.
  public func agentLifecycleEvents(domain: Domain? = nil) async throws -> DomainEventStream<AgentLifecycleEvent> {
    let callback: virConnectDomainEventAgentLifecycleCallback = { _, domain, state, reason, listener in
      EventListener<AgentLifecycleEvent>.deliver(
        AgentLifecycleEvent(state: state, reason: reason), of: domain, to: listener)
    }
    return try await events(
      VIR_DOMAIN_EVENT_ID_AGENT_LIFECYCLE, domain, unsafeBitCast(callback, to: UnsafeMutableRawPointer.self))
  }

  /// Guests that give memory back or get it.
  public func balloonEvents(domain: Domain? = nil) async throws -> DomainEventStream<BalloonEvent> {
    let callback: virConnectDomainEventBalloonChangeCallback = { _, domain, kibibytes, listener in
      let bytes = kibibytes.multipliedReportingOverflow(by: 1024).partialValue
      EventListener<BalloonEvent>.deliver(BalloonEvent(memory: bytes), of: domain, to: listener)
    }
    return try await events(
      VIR_DOMAIN_EVENT_ID_BALLOON_CHANGE, domain, unsafeBitCast(callback, to: UnsafeMutableRawPointer.self))
  }

  /// Changes of title, description and metadata elements.
  public func metadataEvents(domain: Domain? = nil) async throws -> DomainEventStream<MetadataChange> {
    let callback: virConnectDomainEventMetadataChangeCallback = { _, domain, type, namespace, listener in
      EventListener<MetadataChange>.deliver(
        MetadataChange(type, namespace: namespace), of: domain, to: listener)
    }
    return try await events(
      VIR_DOMAIN_EVENT_ID_METADATA_CHANGE, domain, unsafeBitCast(callback, to: UnsafeMutableRawPointer.self))
  }

  /// Jobs that end, with all that is known of them.
  public func jobCompletedEvents(domain: Domain? = nil) async throws -> DomainEventStream<JobStatistics> {
    let callback: virConnectDomainEventJobCompletedCallback = { _, domain, parameters, count, listener in
      let values = TypedParameters.dictionary(parameters, count: Int(count))
      // The event has no kind of its own; a job that failed or was cancelled says so among its values.
      let success = values[VIR_DOMAIN_JOB_SUCCESS] != .boolean(false)
      EventListener<JobStatistics>.deliver(
        JobStatistics(kind: success ? .completed : .failed, values: values), of: domain, to: listener)
    }
    return try await events(
      VIR_DOMAIN_EVENT_ID_JOB_COMPLETED, domain, unsafeBitCast(callback, to: UnsafeMutableRawPointer.self))
  }
}
