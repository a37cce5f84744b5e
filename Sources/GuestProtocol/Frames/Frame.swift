/// A frame that was received, with its payload.
package struct Frame: Sendable, Equatable {
  package var type: FrameType
  /// The stream that it belongs to; 0 where the type has none.
  package var stream: UInt16
  /// What it carries, at most ``ProtocolLimits/maximumPayload`` bytes.
  package var payload: [UInt8]

  package init(_ type: FrameType, stream: UInt16 = 0, payload: [UInt8] = []) {
    self.type = type
    self.stream = stream
    self.payload = payload
  }

  /// The payload as a message.
  package func message<Value: Message>(_: Value.Type = Value.self) throws(ProtocolError) -> Value {
    try Value(decoding: payload)
  }

  /// The payload as a number of 32 bits: a credit or a signal.
  package func number() throws(ProtocolError) -> UInt32 {
    guard payload.count == 4 else {
      throw ProtocolError(.malformed, "a \(type) frame has \(payload.count) bytes, not 4")
    }
    return payload.withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self)) }
  }

  /// The payload as a number of 64 bits: a hole's length.
  package func longNumber() throws(ProtocolError) -> UInt64 {
    guard payload.count == 8 else {
      throw ProtocolError(.malformed, "a \(type) frame has \(payload.count) bytes, not 8")
    }
    return payload.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
  }
}
