import Glibc
import GuestProtocol

/// Frames over a byte stream, without ever blocking: bytes in both directions wait in two buffers.
///
/// One loop owns it: it polls ``descriptor`` for ``pollEvents``, calls ``receive()`` and ``flush()``, and takes frames with
/// ``nextFrame(_:)``. Whoever produces data asks ``hasRoom`` first, so that the buffer for sending stays near one frame.
package final class FrameConnection {
  /// What bytes the connection is over.
  package let stream: ByteStream
  private let incoming: ByteBuffer
  private let outgoing = ByteBuffer()
  /// The peer has ended its direction; what is in the buffer can still be taken.
  package private(set) var hasEnded = false
  // The peer takes no more bytes.
  private var takesNothing = false
  /// When bytes last came.
  package private(set) var lastReceived = Instant.now
  /// When bytes last left.
  package private(set) var lastSent = Instant.now

  /// Begins with the frames that came behind the handshake.
  package init(_ stream: ByteStream, rest: [UInt8] = []) {
    self.stream = stream
    incoming = ByteBuffer(rest)
  }

  /// The descriptor for poll(2).
  package var descriptor: Int32 { stream.descriptor }

  /// What to poll for: bytes coming while there is room for them, room for bytes going where some wait.
  package var pollEvents: Int16 {
    Int16(truncatingIfNeeded: (canReceive ? POLLIN : 0) | (outgoing.isEmpty ? 0 : POLLOUT))
  }

  /// Whether bytes are read: not while frames lie there that nobody takes.
  private var canReceive: Bool { incoming.count < 2 * ProtocolLimits.maximumPayload }

  /// Whether the next frame should be taken: so little waits to be sent that answers may be added, or nothing is sent any
  /// more.
  package var takesAnswers: Bool { hasEnded || takesNothing || outgoing.count < 4 * ProtocolLimits.maximumPayload }

  /// Whether another frame of data should be put in: all but little of what was sent has left.
  package var hasRoom: Bool { outgoing.count < ProtocolLimits.maximumPayload / 4 }

  /// The number of bytes that wait to be sent.
  package var waiting: Int { outgoing.count }

  /// Reads what has come, at most some frames of it.
  package func receive() throws(TransportError) {
    // A peer's flood must not keep its loop from everything else; but a port gives only 4 KiB at a time.
    for _ in 0..<32 where !hasEnded && canReceive {
      var outcome = ByteStream.Outcome.wouldBlock
      try incoming.append(room: ProtocolLimits.maximumPayload + FrameHeader.size) { room throws(TransportError) in
        outcome = try stream.read(into: room)
        if case .moved(let count) = outcome { return count }
        return 0
      }
      switch outcome {
      case .moved: lastReceived = Instant.now
      case .wouldBlock: return
      case .ended: hasEnded = true
      }
    }
  }

  /// Sends what waits, as much as the kernel takes now.
  package func flush() throws(TransportError) {
    while !outgoing.isEmpty, !hasEnded, !takesNothing {
      switch try stream.write(outgoing.bytes) {
      case .moved(let count):
        outgoing.drop(count)
        lastSent = Instant.now
      case .wouldBlock: return
      case .ended:
        // Its last words may still be there to be read, and say why it went.
        takesNothing = true
        outgoing.drop(outgoing.count)
      }
    }
  }

  /// Takes the next frame, or answers nil until more bytes come; its payload is valid within `body` only.
  package func nextFrame<Result>(
    _ body: (FrameHeader, UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result? {
    guard incoming.count >= FrameHeader.size else { return nil }
    // Another client has come to the same port, and the end of the one before went unseen.
    if incoming.bytes.starts(with: HandshakePacket.magic) { throw SessionEnd.replaced }
    let header = try FrameHeader(decoding: incoming.bytes)
    let size = FrameHeader.size + header.length
    guard incoming.count >= size else { return nil }
    defer { incoming.drop(size) }
    return try body(header, UnsafeRawBufferPointer(rebasing: incoming.bytes[FrameHeader.size..<size]))
  }

  /// Takes the next frame with a copy of its payload, or answers nil until more bytes come.
  package func nextFrame() throws -> Frame? {
    try nextFrame { Frame($0.type, stream: $0.stream, payload: Array($1)) }
  }

  /// The bytes that came and were not taken, for a handshake that begins anew on the same port.
  package func takeRest() -> [UInt8] {
    defer { incoming.drop(incoming.count) }
    return Array(incoming.bytes)
  }

  /// Gives the buffers' memory back where they are empty, for a session that has nothing to do.
  package func trim() {
    incoming.trim()
    outgoing.trim()
  }

  /// Puts a frame behind those that wait.
  package func send(_ type: FrameType, stream: UInt16 = 0, _ payload: [UInt8] = []) {
    payload.withUnsafeBytes { send(type, stream: stream, bytes: $0) }
  }

  /// Puts a frame with a message behind those that wait.
  package func send(_ type: FrameType, stream: UInt16 = 0, _ message: some Message) {
    send(type, stream: stream, message.encoded)
  }

  /// Puts a frame with a number of 32 bits, a credit or a signal, behind those that wait.
  package func send(_ type: FrameType, stream: UInt16 = 0, number: UInt32) {
    withUnsafeBytes(of: number.littleEndian) { send(type, stream: stream, bytes: $0) }
  }

  /// Puts a frame with a number of 64 bits, a hole's length, behind those that wait.
  package func send(_ type: FrameType, stream: UInt16 = 0, longNumber number: UInt64) {
    withUnsafeBytes(of: number.littleEndian) { send(type, stream: stream, bytes: $0) }
  }

  /// Puts a frame behind those that wait; at most ``ProtocolLimits/maximumPayload`` bytes of payload are taken.
  package func send(_ type: FrameType, stream: UInt16, bytes: UnsafeRawBufferPointer) {
    let payload = UnsafeRawBufferPointer(rebasing: bytes.prefix(ProtocolLimits.maximumPayload))
    append(type, stream: stream, upTo: payload.count) { room in
      room.copyMemory(from: payload)
      return payload.count
    }
  }

  /// Puts a frame of data behind those that wait, which `fill` writes straight into the buffer.
  ///
  /// `fill` gets room for `count` bytes and answers with how many it wrote; where that is none, no frame is sent. Answers
  /// with the number of bytes.
  @discardableResult
  package func sendData(
    stream: UInt16, upTo count: Int, _ fill: (UnsafeMutableRawBufferPointer) throws -> Int
  ) rethrows -> Int {
    try append(.data, stream: stream, upTo: min(count, ProtocolLimits.maximumPayload), skipsEmpty: true, fill)
  }

  @discardableResult
  private func append(
    _ type: FrameType, stream: UInt16, upTo count: Int, skipsEmpty: Bool = false,
    _ fill: (UnsafeMutableRawBufferPointer) throws -> Int
  ) rethrows -> Int {
    // What is sent to a peer that has gone would only pile up.
    guard !hasEnded, !takesNothing else { return 0 }
    var written = 0
    try outgoing.append(room: FrameHeader.size + count) { room in
      written = try fill(UnsafeMutableRawBufferPointer(rebasing: room[FrameHeader.size...]))
      if skipsEmpty && written == 0 { return 0 }
      FrameHeader(type, stream: stream, length: written).encode(into: room)
      return FrameHeader.size + written
    }
    return written
  }
}
