import Glibc

/// Bytes and zeros on their way to a descriptor that may take them slowly, without ever blocking for long.
///
/// The descriptor stays the caller's and is left as it is: standard output is shared with other programs, which must not
/// find it non-blocking. For the loop of one thread.
package final class OutputQueue {
  /// What was written in one go, for the sender's credit.
  package struct Progress: Sendable, Equatable {
    package var bytes = 0
    /// Holes whose last zero was written.
    package var holes = 0
  }

  private enum Segment {
    case bytes(Int)
    case zeros(UInt64)
  }

  private enum Kind {
    case socket
    case file
    // A pipe or a terminal: when poll(2) says that there is room, then for this many bytes.
    case other
  }

  private static let zeros = [UInt8](repeating: 0, count: 65_536)
  private static let pipeRoom = 4_096
  /// The descriptor, for poll(2).
  package let descriptor: Int32
  private let kind: Kind
  private let buffer = ByteBuffer()
  private var segments: [Segment] = []

  /// Begins with nothing.
  package init(_ descriptor: Int32) {
    self.descriptor = descriptor
    var information = stat()
    let flags = Glibc.fcntl(descriptor, F_GETFL)
    if fstat(descriptor, &information) != 0 {
      kind = .other
    } else if information.st_mode & S_IFMT == S_IFSOCK {
      kind = .socket
    } else {
      kind = information.st_mode & S_IFMT == S_IFREG || (flags >= 0 && flags & O_NONBLOCK != 0) ? .file : .other
    }
  }

  /// Whether everything was written.
  package var isEmpty: Bool { segments.isEmpty }

  /// The number of bytes that wait, zeros aside.
  package var count: Int { buffer.count }

  /// Puts bytes behind those that wait.
  package func append(_ bytes: UnsafeRawBufferPointer) {
    guard !bytes.isEmpty else { return }
    buffer.append(room: bytes.count) { room in
      room.copyMemory(from: bytes)
      return bytes.count
    }
    if case .bytes(let count) = segments.last {
      segments[segments.count - 1] = .bytes(count + bytes.count)
    } else {
      segments.append(.bytes(bytes.count))
    }
  }

  /// Puts zeros behind the bytes that wait.
  package func append(zeros count: UInt64) {
    segments.append(.zeros(count))
  }

  /// Forgets what waits.
  package func drop() {
    segments = []
    buffer.drop(buffer.count)
    buffer.trim()
  }

  /// Writes as much as the descriptor takes now.
  package func flush() throws(TransportError) -> Progress {
    var progress = Progress()
    // Zeros have no end that credit would set.
    for _ in 0..<64 {
      switch segments.first {
      case nil:
        buffer.trim()
        return progress
      case .bytes(let count):
        let written = write(UnsafeRawBufferPointer(rebasing: buffer.bytes.prefix(count)))
        if written < 0 { throw TransportError("write", number: Int32(-written)) }
        if written == 0 { return progress }
        buffer.drop(written)
        progress.bytes += written
        if written == count { segments.removeFirst() } else { segments[0] = .bytes(count - written) }
      case .zeros(let count):
        let piece = min(count, UInt64(Self.zeros.count))
        var written = 0
        if piece > 0 {
          written = Self.zeros.withUnsafeBytes { write(UnsafeRawBufferPointer(rebasing: $0.prefix(Int(piece)))) }
          if written < 0 { throw TransportError("write", number: Int32(-written)) }
          if written == 0 { return progress }
        }
        if UInt64(written) == count {
          segments.removeFirst()
          progress.holes += 1
        } else {
          segments[0] = .zeros(count - UInt64(written))
        }
      }
    }
    return progress
  }

  /// Answers with the number of bytes, 0 where there is no room, or a negated errno.
  private func write(_ bytes: UnsafeRawBufferPointer) -> Int {
    while true {
      let count: Int
      switch kind {
      case .socket:
        count = send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
      case .file: count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
      case .other:
        var entry = pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: POLLOUT), revents: 0)
        guard poll(&entry, 1, 0) > 0 else { return 0 }
        count = Glibc.write(descriptor, bytes.baseAddress, min(bytes.count, Self.pipeRoom))
      }
      if count >= 0 { return count }
      switch errno {
      case EINTR: continue
      case EAGAIN: return 0
      default: return Int(-errno)
      }
    }
  }
}
