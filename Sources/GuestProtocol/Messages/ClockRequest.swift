/// The time that the guest's clock is to have.
public struct ClockRequest: Message {
  /// Nanoseconds since 1970.
  public var time: Int64 = 0

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, signed: time)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: time = try field.int64()
    default: break
    }
  }
}
