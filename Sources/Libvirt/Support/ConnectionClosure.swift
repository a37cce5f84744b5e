import CLibvirt
import Synchronization

/// Hears from libvirt when a connection ends, and tells all who asked.
final class ConnectionClosure: Sendable {
  private struct State {
    var reason: ClosingReason?
    var listeners: [Int: @Sendable () -> Void] = [:]
    var next = 0
  }

  private let state = Mutex(State())

  /// One function for all connections, by which libvirt also finds what to take back.
  private static let callback: @convention(c) (OpaquePointer?, Int32, UnsafeMutableRawPointer?) -> Void = {
    _, reason, data in
    if let data { Unmanaged<ConnectionClosure>.fromOpaque(data).takeUnretainedValue().close(ClosingReason(reason)) }
  }

  /// Registers with a connection; drivers inside the process have no such event, and never end by themselves.
  init(_ connection: OpaquePointer) {
    let own = Unmanaged.passRetained(self)
    let status = virConnectRegisterCloseCallback(
      connection, Self.callback, own.toOpaque(),
      { data in
        if let data { Unmanaged<ConnectionClosure>.fromOpaque(data).release() }
      })
    if status < 0 { own.release() }
  }

  /// Takes the registration back: with it, libvirt would keep the connection open for ever.
  static func unregister(_ connection: OpaquePointer) {
    virConnectUnregisterCloseCallback(connection, callback)
  }

  func close(_ reason: ClosingReason) {
    let listeners = state.withLock { state in
      state.reason = state.reason ?? reason
      defer { state.listeners = [:] }
      return state.listeners.values.map { $0 }
    }
    for listener in listeners { listener() }
  }

  /// How the connection ended, as an error; nil where it did not, or this program ended it.
  var error: LibvirtError? {
    guard let reason = state.withLock({ $0.reason }), reason != .byThisProgram else { return nil }
    return LibvirtError(
      code: .rpc, domain: .rpc, message: "the connection to libvirtd was lost: \(reason)",
      call: "virConnectRegisterCloseCallback")
  }

  func add(_ listener: @escaping @Sendable () -> Void) -> Int {
    let number: Int? = state.withLock { state in
      guard state.reason == nil else { return nil }
      state.next += 1
      state.listeners[state.next] = listener
      return state.next
    }
    guard let number else {
      listener()
      return 0
    }
    return number
  }

  func remove(_ number: Int) {
    _ = state.withLock { $0.listeners.removeValue(forKey: number) }
  }

  func wait() async -> ClosingReason {
    let stream = AsyncStream<Void> { continuation in
      let number = add { continuation.finish() }
      continuation.onTermination = { [weak self] _ in self?.remove(number) }
    }
    for await _ in stream {}
    return state.withLock { $0.reason } ?? .stillOpen
  }
}
