import Synchronization

/// A connection's registrations with libvirt, each of them shared by all who listen to the same thing.
///
/// libvirt refuses to register one C function twice for the same events of the same object ("event callback already
/// tracked"), whatever it is to be called with; see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virConnectDomainEventRegisterAny.
final class EventRegistry: Sendable {
  /// What is listened to.
  struct Key: Hashable, Sendable {
    /// The C function that registers, and so the kind of the object.
    let call: String
    /// libvirt's number of the kind of event.
    let id: UInt32
    /// The UUID or the name of the one object; nil for all.
    let object: String?
  }

  private struct Registration {
    let hub: any Sendable
    let number: Int32
  }

  private let registrations = Mutex<[Key: Registration]>([:])

  /// Lets a listener join; `register` is called when it is the first. It blocks, so it runs on the call executor.
  ///
  /// The lock is held while libvirt registers or deregisters, so that the one cannot overtake the other.
  func join<Event: Sendable>(
    _ key: Key, _ listener: EventHub<Event>.Listener, register: (EventHub<Event>) throws -> Int32
  ) throws -> (hub: EventHub<Event>, number: Int) {
    try registrations.withLock { registrations in
      if let hub = registrations[key]?.hub as? EventHub<Event> { return (hub, hub.add(listener)) }
      let hub = EventHub<Event>()
      let number = hub.add(listener)
      guard let registration = try RegistrationGate.shared.pass({ try register(hub) }) else {
        throw LibvirtError(
          code: .connectionInvalid, message: "the program is about to end, and asks for no more events", call: key.call)
      }
      registrations[key] = Registration(hub: hub, number: registration)
      return (hub, number)
    }
  }

  /// Lets a listener go; `deregister` gets libvirt's number when it was the last. It blocks, too.
  func leave<Event: Sendable>(
    _ key: Key, _ hub: EventHub<Event>, _ number: Int, deregister: (Int32) -> Void
  ) {
    registrations.withLock { registrations in
      guard hub.remove(number), let registration = registrations.removeValue(forKey: key) else { return }
      _ = RegistrationGate.shared.pass { deregister(registration.number) }
    }
  }
}
