/// A network card that is to have another hardware address.
public struct InterfaceIdentity: Message {
  /// The address that the guest believes in.
  public var oldMAC = ""
  /// The address that the card has.
  public var newMAC = ""

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, oldMAC)
    writer.put(2, newMAC)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: oldMAC = try field.string()
    case 2: newMAC = try field.string()
    default: break
    }
  }
}
