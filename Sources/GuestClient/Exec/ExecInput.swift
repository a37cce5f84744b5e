import Glibc
import GuestProtocol
import GuestTransport

/// A program's input at the client's side.
final class ExecInput {
  private var source: ByteSource
  private var window: SendWindow
  private var sent = 0
  private var isReadable = false

  init(_ source: ByteSource, window: UInt32) {
    self.source = source
    self.window = SendWindow(window)
  }

  /// The descriptor to poll for input, while the guest takes more.
  var descriptor: Int32? {
    if case .descriptor(let descriptor) = source, window.available > 0 { descriptor } else { nil }
  }

  /// Notes that there is something to read.
  func noteReadable(_ descriptor: Int32) {
    if self.descriptor == descriptor { isReadable = true }
  }

  /// Takes the guest's credit.
  func grant(_ count: UInt32) throws(ProtocolError) {
    try window.grant(count)
  }

  /// Lets go of a program that has ended.
  func close() {
    source = .none
  }

  /// Sends what can be sent in one frame.
  func move(to connection: FrameConnection) throws {
    switch source {
    case .none: return
    case .bytes(let bytes):
      while sent < bytes.count, window.available > 0, connection.hasRoom {
        let count = window.allowed(bytes.count - sent)
        bytes.withUnsafeBytes {
          connection.send(.data, stream: 0, bytes: UnsafeRawBufferPointer(rebasing: $0[sent..<(sent + count)]))
        }
        window.spend(count)
        sent += count
      }
      if sent == bytes.count { end(connection) }
    case .descriptor(let descriptor):
      guard isReadable, window.available > 0 else { return }
      isReadable = false
      var isAtEnd = false
      let count = connection.sendData(stream: 0, upTo: window.allowed()) { room in
        while true {
          let count = read(descriptor, room.baseAddress, room.count)
          if count < 0 && errno == EINTR { continue }
          // A terminal that has gone gives EIO, which is an end like any other.
          isAtEnd = count == 0 || (count < 0 && errno != EAGAIN)
          return max(0, count)
        }
      }
      window.spend(count)
      if isAtEnd { end(connection) }
    }
  }

  private func end(_ connection: FrameConnection) {
    connection.send(.end, stream: 0)
    source = .none
  }
}
