import CLinux
import Glibc

/// Making and taking connections over AF_VSOCK, see vsock(7).
package enum VsockSocket {
  /// A peer's address.
  package struct Address: Sendable, Equatable, CustomStringConvertible {
    /// The context ID: 2 for the host.
    package let contextID: UInt32
    package let port: UInt32

    package init(contextID: UInt32, port: UInt32) {
      self.contextID = contextID
      self.port = port
    }

    /// Both, as `vsock:CID:PORT`.
    package var description: String { "vsock:\(contextID):\(port)" }
  }

  /// Listens on a port of every context ID that this machine has; answers with a non-blocking descriptor that the caller
  /// closes.
  package static func listen(port: UInt32) throws(TransportError) -> Int32 {
    let descriptor = nestor_vsock_socket()
    guard descriptor >= 0 else { throw TransportError("make a vsock socket", number: -descriptor) }
    let status = nestor_vsock_bind(descriptor, nestor_vsock_cid_any, port)
    guard status >= 0 else {
      close(descriptor)
      throw TransportError("bind to vsock port \(port)", number: -status)
    }
    guard Glibc.listen(descriptor, 128) == 0, Glibc.fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else {
      defer { close(descriptor) }
      throw TransportError("listen on vsock port \(port)")
    }
    return descriptor
  }

  /// Takes a connection, or answers nil where none waits.
  package static func accept(_ listener: Int32) throws(TransportError) -> (descriptor: Int32, peer: Address)? {
    var contextID: UInt32 = 0
    var port: UInt32 = 0
    let descriptor = nestor_vsock_accept(listener, &contextID, &port)
    if descriptor >= 0 { return (descriptor, Address(contextID: contextID, port: port)) }
    switch -descriptor {
    case EAGAIN, EINTR, ECONNABORTED: return nil
    default: throw TransportError("accept a vsock connection", number: -descriptor)
    }
  }

  /// Connects, for at most `timeout`; ETIMEDOUT when nobody answered by then.
  package static func connect(_ address: Address, timeout: Duration) throws(TransportError) -> ByteStream {
    let descriptor = nestor_vsock_socket()
    guard descriptor >= 0 else { throw TransportError("make a vsock socket", number: -descriptor) }
    let stream = try ByteStream(owning: descriptor, name: "\(address)")
    let status = nestor_vsock_connect(descriptor, address.contextID, address.port)
    if status >= 0 { return stream }
    guard -status == EINPROGRESS else { throw TransportError("connect to \(address)", number: -status) }
    var entry = pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: POLLOUT), revents: 0)
    let deadline = Instant.now + timeout
    while true {
      let count = poll(&entry, 1, deadline.pollTimeout)
      if count > 0 { break }
      if count == 0 { throw TransportError("connect to \(address)", number: ETIMEDOUT) }
      if errno != EINTR { throw TransportError("connect to \(address)") }
    }
    var problem: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &problem, &size)
    guard problem == 0 else { throw TransportError("connect to \(address)", number: problem) }
    return stream
  }
}
