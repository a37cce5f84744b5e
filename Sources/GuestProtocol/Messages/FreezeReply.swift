/// What was frozen.
public struct FreezeReply: Message {
  /// Where the file systems are mounted.
  public var mountPoints: [[UInt8]] = []

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    for element in mountPoints { writer.putElement(1, element) }
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: mountPoints.append(try field.bytes())
    default: break
    }
  }
}
