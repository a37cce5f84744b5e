import GuestProtocol

/// Passes the frames of a copy to a ``TreeWriter`` and gives the sender credit for them.
package struct TreeReceiver {
  /// What becomes of the frames.
  package let writer: TreeWriter
  private let connection: FrameConnection
  private var window: ReceiveWindow

  // What comes goes to the disk at once, so that much credit costs no memory, and the sender seldom has to wait for it.
  private static let size: UInt32 = 4 * 1_024 * 1_024
  private let initial: UInt32

  /// Begins with the credit that this side's hello gave.
  package init(_ writer: TreeWriter, connection: FrameConnection, window: UInt32) {
    self.writer = writer
    self.connection = connection
    initial = window
    self.window = ReceiveWindow(max(window, Self.size))
  }

  /// Gives the sender the credit that a copy has beyond the hello's, once it is ready for it.
  package func begin() {
    if Self.size > initial { connection.send(.credit, number: Self.size - initial) }
  }

  /// Takes a frame; answers with false for one that does not belong to a copy's files.
  package mutating func take(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws -> Bool {
    switch header.type {
    case .data, .entry, .hole, .digest: break
    default: return false
    }
    guard header.stream == 0 else {
      throw ProtocolError(.unexpected, "a copy has no stream \(header.stream)")
    }
    try window.receive(payload.count)
    switch header.type {
    case .data: try writer.take(data: payload)
    case .hole: try writer.take(hole: try Frame(.hole, payload: Array(payload)).longNumber())
    case .entry: try writer.take(try FileEntry(decoding: Array(payload)))
    default: try writer.take(try FileEnd(decoding: Array(payload)))
    }
    if let credit = window.consume(payload.count) { connection.send(.credit, number: credit) }
    return true
  }
}
