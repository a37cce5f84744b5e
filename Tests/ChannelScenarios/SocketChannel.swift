import GuestClient
import GuestProtocol
import GuestTransport
import Synchronization

/// Sessions over streams that are connected one by one, such as those of vsock.
package struct SocketChannel: Channel {
  /// Whether programs can be counted there.
  package let isAlone: Bool
  private let key: GuestKey
  private let connect: @Sendable () throws -> ByteStream

  /// Opens each session over a stream of `connect`.
  package init(key: GuestKey, isAlone: Bool, connect: @escaping @Sendable () throws -> ByteStream) {
    (self.key, self.isAlone, self.connect) = (key, isAlone, connect)
  }

  /// Opens a session, waiting for it where need be, and closes it in the end.
  package func withSession<Value>(_ body: (GuestSession) throws -> Value) throws -> Value {
    let session = try GuestSession(try connect(), key: key)
    defer { session.close() }
    return try body(session)
  }
}
