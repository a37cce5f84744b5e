import CLibvirt

/// Something that happened to a device of the host, see
/// https://libvirt.org/html/libvirt-libvirt-nodedev.html#virNodeDeviceEventLifecycleType.
public struct NodeDeviceEvent: Sendable {
  /// What happened.
  public enum Kind: Sendable, Hashable {
    /// It came.
    case created
    /// It went.
    case deleted
    /// It was defined.
    case defined
    /// Its definition went.
    case undefined
    /// Something about it changed.
    case updated
    /// Something that this version does not know.
    case unknown(Int32)

    init(_ event: Int32) {
      self =
        switch virNodeDeviceEventLifecycleType(rawValue: UInt32(bitPattern: event)) {
        case VIR_NODE_DEVICE_EVENT_CREATED: .created
        case VIR_NODE_DEVICE_EVENT_DELETED: .deleted
        case VIR_NODE_DEVICE_EVENT_DEFINED: .defined
        case VIR_NODE_DEVICE_EVENT_UNDEFINED: .undefined
        default: .unknown(event)
        }
    }
  }

  /// The device.
  public let device: NodeDevice
  /// What happened.
  public let kind: Kind
}

extension Connection {
  /// The coming and going of all devices, or of one, from the moment this returns.
  public func nodeDeviceEvents(device: NodeDevice? = nil) async throws -> EventSequence<NodeDeviceEvent> {
    let callback: virConnectNodeDeviceEventLifecycleCallback = { _, device, event, _, opaque in
      EventSink<NodeDeviceEvent>.deliver(opaque) { connection in
        NodeDeviceEvent(device: try NodeDevice(sharing: device, connection), kind: NodeDeviceEvent.Kind(event))
      }
    }
    return try await nodeDeviceEvents(
      VIR_NODE_DEVICE_EVENT_ID_LIFECYCLE, device,
      unsafeBitCast(callback, to: virConnectNodeDeviceEventGenericCallback.self))
  }

  /// The changes of all devices, or of one, from the moment this returns; each event's kind is
  /// ``NodeDeviceEvent/Kind/updated``.
  public func nodeDeviceUpdates(device: NodeDevice? = nil) async throws -> EventSequence<NodeDeviceEvent> {
    let callback: virConnectNodeDeviceEventGenericCallback = { _, device, opaque in
      EventSink<NodeDeviceEvent>.deliver(opaque) { connection in
        NodeDeviceEvent(device: try NodeDevice(sharing: device, connection), kind: .updated)
      }
    }
    return try await nodeDeviceEvents(VIR_NODE_DEVICE_EVENT_ID_UPDATE, device, callback)
  }

  private func nodeDeviceEvents(
    _ id: virNodeDeviceEventID, _ device: NodeDevice?,
    _ callback: @escaping virConnectNodeDeviceEventGenericCallback
  ) async throws -> EventSequence<NodeDeviceEvent> {
    let key = EventRegistry.Key(call: "virConnectNodeDeviceEventRegisterAny", id: id.rawValue, object: device?.name)
    return try await eventSequence(key) { connection, opaque, free in
      virConnectNodeDeviceEventRegisterAny(
        connection, device?.handle.pointer, Int32(id.rawValue), callback, opaque, free)
    } deregister: {
      virConnectNodeDeviceEventDeregisterAny($0, $1)
    }
  }
}
