import CLibvirt

/// A step in a network's life, see https://libvirt.org/html/libvirt-libvirt-network.html#virNetworkEventLifecycleType.
public struct NetworkEvent: Sendable {
  /// What happened.
  public enum Kind: Sendable, Hashable {
    /// It was defined or redefined.
    case defined
    /// Its definition went.
    case undefined
    /// It was started.
    case started
    /// It was stopped.
    case stopped
    /// Something that this version does not know.
    case unknown(Int32)

    init(_ event: Int32) {
      self =
        switch virNetworkEventLifecycleType(rawValue: UInt32(bitPattern: event)) {
        case VIR_NETWORK_EVENT_DEFINED: .defined
        case VIR_NETWORK_EVENT_UNDEFINED: .undefined
        case VIR_NETWORK_EVENT_STARTED: .started
        case VIR_NETWORK_EVENT_STOPPED: .stopped
        default: .unknown(event)
        }
    }
  }

  /// The network.
  public let network: Network
  /// What happened.
  public let kind: Kind
}

extension Connection {
  /// The steps in the lives of all networks, or of one, from the moment this returns.
  public func networkEvents(network: Network? = nil) async throws -> EventSequence<NetworkEvent> {
    let callback: virConnectNetworkEventLifecycleCallback = { _, network, event, _, opaque in
      EventSink<NetworkEvent>.deliver(opaque) { connection in
        NetworkEvent(network: try Network(sharing: network, connection), kind: NetworkEvent.Kind(event))
      }
    }
    let key = EventRegistry.Key(
      call: "virConnectNetworkEventRegisterAny", id: VIR_NETWORK_EVENT_ID_LIFECYCLE.rawValue, object: network?.uuid)
    return try await eventSequence(key) { connection, opaque, free in
      virConnectNetworkEventRegisterAny(
        connection, network?.handle.pointer, Int32(VIR_NETWORK_EVENT_ID_LIFECYCLE.rawValue),
        unsafeBitCast(callback, to: virConnectNetworkEventGenericCallback.self), opaque, free)
    } deregister: {
      virConnectNetworkEventDeregisterAny($0, $1)
    }
  }
}
