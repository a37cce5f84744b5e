import CLibvirt
import Synchronization

/// Hears from libvirt when a connection ends, and tells all who asked.
final class ConnectionClosure: Sendable {
  private struct State {
    var isClosed = false
    var listeners: [Int: @Sendable () -> Void] = [:]
    var next = 0
  }

  private let state = Mutex(State())

  /// Registers with a connection; drivers inside the process have no such event, and never end by themselves.
  init(_ connection: OpaquePointer) {
    let own = Unmanaged.passRetained(self)
    let status = virConnectRegisterCloseCallback(
      connection,
      { _, _, data in
        if let data { Unmanaged<ConnectionClosure>.fromOpaque(data).takeUnretainedValue().close() }
      }, own.toOpaque(),
      { data in
        if let data { Unmanaged<ConnectionClosure>.fromOpaque(data).release() }
      })
    if status < 0 { own.release() }
  }

  private func close() {
    let listeners = state.withLock { state in
      state.isClosed = true
      defer { state.listeners = [:] }
      return state.listeners.values.map { $0 }
    }
    for listener in listeners { listener() }
  }

  func add(_ listener: @escaping @Sendable () -> Void) -> Int {
    let number: Int? = state.withLock { state in
      guard !state.isClosed else { return nil }
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

  func wait() async {
    let stream = AsyncStream<Void> { continuation in
      let number = add { continuation.finish() }
      continuation.onTermination = { [weak self] _ in self?.remove(number) }
    }
    for await _ in stream {}
  }
}
