import GuestClient
import GuestProtocol
import GuestTransport
import NestorSupport
import Synchronization

/// Sessions over a pool of virtio-serial ports, by the sockets that QEMU has for them.
package final class PortChannel: Channel {
  /// Whether programs can be counted there.
  package let isAlone = true
  private let key: GuestKey
  private let free: Mutex<[String]>
  private let freed: Semaphore

  /// Takes the paths of the sockets.
  package init(key: GuestKey, sockets: [String]) {
    self.key = key
    free = Mutex(sockets)
    freed = Semaphore(sockets.count)
  }

  /// Opens a session, waiting for it where need be, and closes it in the end.
  package func withSession<Value>(_ body: (GuestSession) throws -> Value) throws -> Value {
    freed.wait()
    let path = free.withLock { $0.removeFirst() }
    defer {
      free.withLock { $0.append(path) }
      freed.signal()
    }
    let session = try GuestSession(try UnixSocket.connect(path), key: key, isPort: true)
    defer { session.close() }
    return try body(session)
  }
}
