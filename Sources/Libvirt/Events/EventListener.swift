import CLibvirt

/// What libvirt's callbacks hold on to: the place where their events go.
final class EventListener<Payload: Sendable>: Sendable {
  private let hub: EventHub<DomainEvent<Payload>>

  init(_ hub: EventHub<DomainEvent<Payload>>) {
    self.hub = hub
  }

  /// Passes an event on; called on the event loop's thread, where nothing may block.
  static func deliver(_ payload: Payload, of domain: OpaquePointer?, to listener: UnsafeMutableRawPointer?) {
    guard let domain, let listener, let name = virDomainGetName(domain) else { return }
    var text = [CChar](repeating: 0, count: Int(VIR_UUID_STRING_BUFLEN))
    guard virDomainGetUUIDString(domain, &text) == 0 else { return }
    let uuid = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    Unmanaged<EventListener<Payload>>.fromOpaque(listener).takeUnretainedValue().hub.deliver(
      DomainEvent(domainName: String(cString: name), domainUUID: uuid, payload: payload))
  }
}
