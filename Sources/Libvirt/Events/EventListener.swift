import CLibvirt

/// What the callbacks of domains' events have in common.
enum EventListener<Payload: Sendable> {
  /// Passes an event on; called on the event loop's thread, where nothing may block.
  static func deliver(_ payload: Payload, of domain: OpaquePointer?, to opaque: UnsafeMutableRawPointer?) {
    EventSink<DomainEvent<Payload>>.deliver(opaque) { _ in
      let domain = try Calls.check("virDomainGetName", domain)
      return DomainEvent(
        domainName: try Calls.borrowed("virDomainGetName", virDomainGetName(domain)),
        domainUUID: try Calls.uuid("virDomainGetUUIDString") { virDomainGetUUIDString(domain, $0) },
        payload: payload)
    }
  }
}
