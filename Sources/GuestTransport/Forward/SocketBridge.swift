import Glibc

/// Joins a connected stream with two descriptors, as socat(1) does.
package enum SocketBridge {
  private static let size = 65_536

  /// Carries bytes both ways, on this thread, until the peer has closed; the end of the input is passed on.
  ///
  /// `input` and `output` stay the caller's and as they are. Throws ``TransportError``.
  package static func join(_ stream: ByteStream, input: Int32, output: Int32) throws {
    var buffer = [UInt8](repeating: 0, count: size)
    var waiting: ArraySlice<UInt8> = []
    var isOpen = true
    while true {
      let readable = Int16(truncatingIfNeeded: POLLIN)
      let writable = Int16(truncatingIfNeeded: POLLOUT)
      var entries = [
        pollfd(fd: stream.descriptor, events: waiting.isEmpty ? readable : readable | writable, revents: 0),
        // A negative descriptor is left out.
        pollfd(fd: isOpen && waiting.isEmpty ? input : -1, events: readable, revents: 0),
      ]
      guard poll(&entries, 2, -1) >= 0 || errno == EINTR else { throw TransportError("poll") }
      switch try buffer.withUnsafeMutableBytes({ try stream.read(into: $0) }) {
      case .ended: return
      case .moved(let count): try write(buffer[..<count], to: output)
      case .wouldBlock: break
      }
      if entries[1].revents != 0 {
        let count = Glibc.read(input, &buffer, size)
        if count > 0 {
          waiting = buffer[..<count]
        } else if count == 0 || errno != EINTR && errno != EAGAIN {
          isOpen = false
          shutdown(stream.descriptor, Int32(SHUT_WR))
        }
      }
      guard !waiting.isEmpty else { continue }
      switch try waiting.withUnsafeBytes({ try stream.write($0) }) {
      case .ended: return
      case .moved(let count): waiting = waiting.dropFirst(count)
      case .wouldBlock: break
      }
    }
  }

  /// Writes all, to a descriptor that may be non-blocking.
  private static func write(_ bytes: ArraySlice<UInt8>, to output: Int32) throws(TransportError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(output, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if count < 0, errno == EAGAIN {
        var entry = pollfd(fd: output, events: Int16(truncatingIfNeeded: POLLOUT), revents: 0)
        poll(&entry, 1, -1)
      } else if count < 0, errno != EINTR {
        throw TransportError("write")
      }
    }
  }
}
