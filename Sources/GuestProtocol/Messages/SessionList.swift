/// The sessions of an agent.
public struct SessionList: Message {
  /// One entry each.
  public var sessions: [SessionEntry] = []

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    for element in sessions { writer.putElement(1, element.encoded) }
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: sessions.append(try SessionEntry(decoding: try field.bytes()))
    default: break
    }
  }
}
