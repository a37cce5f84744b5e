/// A path to look at.
public struct StatRequest: Message {
  /// The path; links are followed.
  public var path: [UInt8] = []

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, path)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: path = try field.bytes()
    default: break
    }
  }
}
