import CLibvirt

extension Connection {
  /// The steps in the lives of all pools, or of one, from the moment this returns.
  public func storagePoolEvents(pool: StoragePool? = nil) async throws -> EventSequence<StoragePoolEvent> {
    let callback: virConnectStoragePoolEventLifecycleCallback = { _, pool, event, _, opaque in
      EventSink<StoragePoolEvent>.deliver(opaque) { connection in
        StoragePoolEvent(pool: try StoragePool(sharing: pool, connection), kind: StoragePoolEvent.Kind(event))
      }
    }
    return try await storagePoolEvents(
      VIR_STORAGE_POOL_EVENT_ID_LIFECYCLE, pool,
      unsafeBitCast(callback, to: virConnectStoragePoolEventGenericCallback.self))
  }

  /// The refreshes of all pools, or of one, from the moment this returns; each event's kind is
  /// ``StoragePoolEvent/Kind/refreshed``.
  public func storagePoolRefreshes(pool: StoragePool? = nil) async throws -> EventSequence<StoragePoolEvent> {
    let callback: virConnectStoragePoolEventGenericCallback = { _, pool, opaque in
      EventSink<StoragePoolEvent>.deliver(opaque) { connection in
        StoragePoolEvent(pool: try StoragePool(sharing: pool, connection), kind: .refreshed)
      }
    }
    return try await storagePoolEvents(VIR_STORAGE_POOL_EVENT_ID_REFRESH, pool, callback)
  }

  private func storagePoolEvents(
    _ id: virStoragePoolEventID, _ pool: StoragePool?,
    _ callback: @escaping virConnectStoragePoolEventGenericCallback
  ) async throws -> EventSequence<StoragePoolEvent> {
    let key = EventRegistry.Key(call: "virConnectStoragePoolEventRegisterAny", id: id.rawValue, object: pool?.uuid)
    return try await eventSequence(key) { connection, opaque, free in
      virConnectStoragePoolEventRegisterAny(
        connection, pool?.handle.pointer, Int32(id.rawValue), callback, opaque, free)
    } deregister: {
      virConnectStoragePoolEventDeregisterAny($0, $1)
    }
  }
}
