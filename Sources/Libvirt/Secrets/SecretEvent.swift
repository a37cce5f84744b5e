import CLibvirt

/// Something that happened to a secret, see
/// https://libvirt.org/html/libvirt-libvirt-secret.html#virSecretEventLifecycleType.
public struct SecretEvent: Sendable {
  /// What happened.
  public enum Kind: Sendable, Hashable {
    /// It was defined or redefined.
    case defined
    /// It went.
    case undefined
    /// Its value was set.
    case valueChanged
    /// Something that this version does not know.
    case unknown(Int32)

    init(_ event: Int32) {
      self =
        switch virSecretEventLifecycleType(rawValue: UInt32(bitPattern: event)) {
        case VIR_SECRET_EVENT_DEFINED: .defined
        case VIR_SECRET_EVENT_UNDEFINED: .undefined
        default: .unknown(event)
        }
    }
  }

  /// The secret.
  public let secret: Secret
  /// What happened.
  public let kind: Kind
}

extension Connection {
  /// The definitions of all secrets, or of one, from the moment this returns.
  public func secretEvents(secret: Secret? = nil) async throws -> EventSequence<SecretEvent> {
    let callback: virConnectSecretEventLifecycleCallback = { _, secret, event, _, opaque in
      EventSink<SecretEvent>.deliver(opaque) { connection in
        SecretEvent(secret: try Secret(sharing: secret, connection), kind: SecretEvent.Kind(event))
      }
    }
    return try await secretEvents(
      VIR_SECRET_EVENT_ID_LIFECYCLE, secret, unsafeBitCast(callback, to: virConnectSecretEventGenericCallback.self))
  }

  /// The changes of the values of all secrets, or of one, from the moment this returns; each event's kind is
  /// ``SecretEvent/Kind/valueChanged``.
  public func secretValueChanges(secret: Secret? = nil) async throws -> EventSequence<SecretEvent> {
    let callback: virConnectSecretEventGenericCallback = { _, secret, opaque in
      EventSink<SecretEvent>.deliver(opaque) { connection in
        SecretEvent(secret: try Secret(sharing: secret, connection), kind: .valueChanged)
      }
    }
    return try await secretEvents(VIR_SECRET_EVENT_ID_VALUE_CHANGED, secret, callback)
  }

  private func secretEvents(
    _ id: virSecretEventID, _ secret: Secret?, _ callback: @escaping virConnectSecretEventGenericCallback
  ) async throws -> EventSequence<SecretEvent> {
    let key = EventRegistry.Key(call: "virConnectSecretEventRegisterAny", id: id.rawValue, object: secret?.uuid)
    return try await eventSequence(key) { connection, opaque, free in
      virConnectSecretEventRegisterAny(connection, secret?.handle.pointer, Int32(id.rawValue), callback, opaque, free)
    } deregister: {
      virConnectSecretEventDeregisterAny($0, $1)
    }
  }
}
