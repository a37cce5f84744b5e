/// What is at a path.
public struct StatReply: Message {
  /// Whether there is anything.
  public var exists = false
  /// Its type and permission bits, as stat(2) has them.
  public var mode: UInt32 = 0
  /// Its size in bytes.
  public var size: UInt64 = 0

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, exists)
    writer.put(2, mode)
    writer.put(3, size)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: exists = try field.bool()
    case 2: mode = try field.uint32()
    case 3: size = try field.uint64()
    default: break
    }
  }
}
