import Glibc

/// A descriptor over which bytes travel both ways: a vsock or unix socket, or a virtio-serial port.
///
/// It is made non-blocking, and closed when the last reference goes. Not for two threads at once, but for ``shutDown()``.
package final class ByteStream: Sendable {
  /// What a read or a write came to.
  package enum Outcome: Sendable, Equatable {
    /// That many bytes were moved, at least one.
    case moved(Int)
    /// Nothing can be moved at this moment; poll(2) tells when.
    case wouldBlock
    /// The peer has gone.
    case ended
  }

  /// The descriptor, for poll(2).
  package let descriptor: Int32
  /// What it is, for messages.
  package let name: String
  private let isSocket: Bool

  /// Takes a descriptor; it is closed with the stream, also when this throws.
  package init(owning descriptor: Int32, name: String) throws(TransportError) {
    self.descriptor = descriptor
    self.name = name
    var information = stat()
    isSocket = fstat(descriptor, &information) == 0 && information.st_mode & S_IFMT == S_IFSOCK
    let flags = Glibc.fcntl(descriptor, F_GETFL)
    guard flags >= 0, Glibc.fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) >= 0 else {
      throw TransportError("make \(name) non-blocking")
    }
  }

  deinit {
    close(descriptor)
  }

  /// Two streams that are connected with each other, by socketpair(2).
  package static func pair() throws(TransportError) -> (ByteStream, ByteStream) {
    var descriptors: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &descriptors) == 0 else {
      throw TransportError("make a pair of sockets")
    }
    return (
      try ByteStream(owning: descriptors[0], name: "socket pair"),
      try ByteStream(owning: descriptors[1], name: "socket pair")
    )
  }

  /// Reads what is there, at most the buffer's size.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Outcome {
    guard !buffer.isEmpty else { return .wouldBlock }
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count > 0 { return .moved(count) }
      if count == 0 { return .ended }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .wouldBlock
      // The other side of a socket closed with bytes unread, or its machine was reset.
      case ECONNRESET, EPIPE, ENOTCONN: return .ended
      default: throw TransportError("read from \(name)")
      }
    }
  }

  /// Writes as much of the buffer as the kernel takes.
  package func write(_ buffer: UnsafeRawBufferPointer) throws(TransportError) -> Outcome {
    guard !buffer.isEmpty else { return .wouldBlock }
    while true {
      // No SIGPIPE, whatever the program does with signals: that the peer has gone is told below.
      let count =
        isSocket
        ? send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
        : Glibc.write(descriptor, buffer.baseAddress, buffer.count)
      if count > 0 { return .moved(count) }
      if count == 0 { return .wouldBlock }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .wouldBlock
      case ECONNRESET, EPIPE, ENOTCONN: return .ended
      default: throw TransportError("write to \(name)")
      }
    }
  }

  /// Ends both directions of a socket, so that whoever polls it, on any thread, finds its end; nothing on a port.
  package func shutDown() {
    shutdown(descriptor, Int32(SHUT_RDWR))
  }
}
