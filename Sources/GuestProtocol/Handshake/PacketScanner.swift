/// Finds packets in a stream of bytes, whatever else is in it.
package struct PacketScanner: Sendable {
  private var buffer: [UInt8] = []
  /// The bytes that were skipped so far because they were no packet.
  package private(set) var skipped = 0

  /// Begins with the bytes that another reader left.
  package init(_ bytes: [UInt8] = []) {
    buffer = bytes
  }

  /// Adds bytes as they come.
  package mutating func append(_ bytes: some Collection<UInt8>) {
    buffer += bytes
  }

  /// The bytes behind the last packet: the first frames, once the handshake is over.
  package var rest: [UInt8] { buffer }

  /// The next packet, or nil until more bytes come.
  ///
  /// What begins like a packet but has no kind, or a length beyond the limit, is skipped like everything else, by
  /// one byte,
  /// so that a packet right behind it is found.
  package mutating func next() -> HandshakePacket? {
    var start = 0
    defer {
      skipped += start
      buffer.removeFirst(start)
    }
    while start < buffer.count {
      guard buffer[start] == HandshakePacket.magic[0] else {
        start += 1
        continue
      }
      let candidate = buffer[start...]
      guard candidate.count >= HandshakePacket.headerSize else {
        if HandshakePacket.magic.starts(with: candidate.prefix(HandshakePacket.magic.count)) { return nil }
        start += 1
        continue
      }
      let length = Int(candidate[start + 9]) | Int(candidate[start + 10]) << 8
      guard candidate.starts(with: HandshakePacket.magic), length <= ProtocolLimits.maximumPacketBody,
        let kind = HandshakePacket.Kind(rawValue: candidate[start + 8])
      else {
        start += 1
        continue
      }
      let end = start + HandshakePacket.headerSize + length
      guard end <= buffer.count else { return nil }
      let body = Array(buffer[(start + HandshakePacket.headerSize)..<end])
      // The packet itself was not skipped.
      skipped -= end - start
      start = end
      return HandshakePacket(kind, body)
    }
    return nil
  }
}
