import CLibvirt

extension Connection {
  /// Registers a callback with libvirt and makes a sequence of what it is called with.
  ///
  /// `register` gets the connection, what the callback is to be called with, and what libvirt calls when it will not be
  /// called again; it returns libvirt's number for the registration, which `deregister` takes back.
  func eventSequence<Event: Sendable>(
    _ call: String,
    register: @escaping @Sendable (OpaquePointer, UnsafeMutableRawPointer, @escaping virFreeCallback) -> Int32,
    deregister: @escaping @Sendable (OpaquePointer, Int32) -> Int32
  ) async throws -> EventSequence<Event> {
    let (stream, continuation) = AsyncThrowingStream.makeStream(
      of: Event.self, throwing: (any Error).self, bufferingPolicy: .bufferingOldest(EventSink<Event>.capacity))
    let sink = EventSink(self, continuation)
    let number = try await self.call { connection in
      let retained = Unmanaged.passRetained(sink)
      let status = register(
        connection, retained.toOpaque(),
        { opaque in
          if let opaque { Unmanaged<AnyObject>.fromOpaque(opaque).release() }
        })
      if status < 0 { retained.release() }
      return try Calls.check(call, status)
    }
    let closing = whenClosed {
      continuation.finish(
        throwing: LibvirtError(
          code: .connectionClosed, domain: .rpc, message: "the connection to libvirt ended, so no event can come",
          call: "EventSequence"))
    }
    continuation.onTermination = { [self] _ in
      forget(closing)
      // A call to the daemon, so not on the thread that ends the sequence, which may be the event loop's.
      Task { try? await self.call { _ = deregister($0, number) } }
    }
    return EventSequence(stream: stream)
  }
}
