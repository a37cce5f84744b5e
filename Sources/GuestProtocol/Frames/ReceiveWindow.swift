/// How much of a stream this side still takes, and when to tell the peer that it takes more.
package struct ReceiveWindow: Sendable, Equatable {
  private let size: UInt32
  private var available: UInt32
  private var consumed: UInt32 = 0

  /// Begins with the credit that this side's hello gave.
  package init(_ size: UInt32) {
    self.size = size
    available = size
  }

  /// Notes that bytes came; more than were granted are a breach of the protocol.
  package mutating func receive(_ count: Int) throws(ProtocolError) {
    guard count <= Int(available) else {
      throw ProtocolError(.overrun, "the peer sent \(count) bytes of a stream with credit for \(available)")
    }
    available -= UInt32(count)
  }

  /// Notes that bytes were passed on; answers with the credit to grant, once that is a quarter of the window.
  package mutating func consume(_ count: Int) -> UInt32? {
    consumed += UInt32(count)
    guard consumed >= size / 4 else { return nil }
    defer { consumed = 0 }
    available += consumed
    return consumed
  }
}
