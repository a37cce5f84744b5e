import Glibc
import GuestProtocol
import GuestTransport

/// One of a program's outputs, on its way to the client.
final class ProgramOutput {
  /// The stream that carries it.
  let stream: UInt16
  /// What the client takes.
  var window: SendWindow
  /// Whether poll(2) said that there is something to read.
  var isReadable = false
  private var pipe: OwnedDescriptor?

  init(_ pipe: OwnedDescriptor, stream: UInt16, window: UInt32) {
    self.pipe = pipe
    self.stream = stream
    self.window = SendWindow(window)
  }

  /// The program's side, for poll(2).
  var descriptor: Int32 { pipe?.number ?? -1 }
  /// Whether its last byte has been sent.
  var hasEnded: Bool { pipe == nil }
  /// Whether there is room for what might be read.
  var wantsReading: Bool { pipe != nil && window.available > 0 }

  /// Whether something can be read at this moment.
  var hasMore: Bool {
    var entry = pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: POLLIN), revents: 0)
    return poll(&entry, 1, 0) > 0 && entry.revents & Int16(truncatingIfNeeded: POLLIN) != 0
  }

  /// Reads once, straight into the connection; answers whether anything came. At the end the client is told.
  func move(to connection: FrameConnection) throws -> Bool {
    isReadable = false
    guard let pipe, window.available > 0 else { return false }
    var isAtEnd = false
    let count = connection.sendData(stream: stream, upTo: window.allowed()) { room in
      while true {
        let count = read(pipe.number, room.baseAddress, room.count)
        if count > 0 { return count }
        if count < 0 && errno == EINTR { continue }
        // EIO is how a terminal says that its last program has closed it.
        isAtEnd = count == 0 || errno != EAGAIN
        return 0
      }
    }
    window.spend(count)
    if isAtEnd { close(connection) }
    return count > 0
  }

  /// Tells the client that nothing more comes.
  func close(_ connection: FrameConnection) {
    guard pipe != nil else { return }
    pipe = nil
    connection.send(.end, stream: stream)
  }
}
