/// What became of the clock.
public struct ClockReply: Message {
  /// How far the clock was behind, in nanoseconds; negative where it was ahead.
  public var offset: Int64 = 0

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, signed: offset)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: offset = try field.int64()
    default: break
    }
  }
}
