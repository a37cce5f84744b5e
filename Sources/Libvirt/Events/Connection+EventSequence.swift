import CLibvirt

extension Connection {
  /// Registers a callback with libvirt and makes a sequence of what it is called with.
  ///
  /// `register` gets the connection, what the callback is to be called with, and what libvirt calls when it will not be
  /// called again; it returns libvirt's number for the registration, which `deregister` takes back. Both are called
  /// once for all sequences of one key.
  func eventSequence<Event: Sendable>(
    _ key: EventRegistry.Key,
    register: @escaping @Sendable (OpaquePointer, UnsafeMutableRawPointer, @escaping virFreeCallback) -> Int32,
    deregister: @escaping @Sendable (OpaquePointer, Int32) -> Int32
  ) async throws -> EventSequence<Event> {
    let handle = try openHandle()
    if let error = closingError() { throw error }
    let (stream, continuation) = AsyncThrowingStream.makeStream(
      of: Event.self, throwing: (any Error).self, bufferingPolicy: .bufferingOldest(EventHub<Event>.capacity))
    let (hub, number) = try await CallExecutor.shared.run { [registry] in
      try registry.join(key, continuation) { hub in
        let retained = Unmanaged<AnyObject>.passRetained(EventSink(self, hub))
        let status = register(
          handle.pointer, retained.toOpaque(),
          { opaque in
            if let opaque { Unmanaged<AnyObject>.fromOpaque(opaque).release() }
          })
        if status < 0 { retained.release() }
        return try Calls.check(key.call, status)
      }
    }
    let closing = whenClosed { [weak self] in continuation.finish(throwing: self?.closingError()) }
    continuation.onTermination = { [weak self, registry] _ in
      self?.forget(closing)
      // A call to the daemon, so not on the thread that ends the sequence, which may be the event loop's. It needs the
      // handle itself, since the registration keeps the connection open and outlives the call of close().
      CallExecutor.shared.enqueue {
        registry.leave(key, hub, number) { _ = deregister(handle.pointer, $0) }
      }
    }
    return EventSequence(stream: stream)
  }

  /// Waits until no call of this process that asks for events, or takes that back, is under way; two seconds at most.
  ///
  /// A sequence that is gone is taken back on a thread of its own. The end of the process would cut that off, at which
  /// libvirtd 9.0 can crash, so a program calls this last: whoever asks for events afterwards gets an error with code
  /// ``ErrorCode/connectionInvalid``. It blocks.
  public static func prepareForExit() {
    RegistrationGate.shared.close(waiting: .seconds(2))
  }
}
