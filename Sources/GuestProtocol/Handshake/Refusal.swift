/// Why an agent does not want a session.
public struct Refusal: Message {
  /// A ``ProtocolError/Code``'s number.
  public var code: UInt32 = 0
  /// A sentence for the client's user.
  public var message = ""
  /// The nonce of the client that is refused.
  public var clientNonce: [UInt8] = []
  /// The oldest version that the agent speaks.
  public var oldest: UInt32 = 0
  /// The newest version that the agent speaks.
  public var newest: UInt32 = 0

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, code)
    writer.put(2, message)
    writer.put(3, clientNonce)
    writer.put(4, oldest)
    writer.put(5, newest)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: code = try field.uint32()
    case 2: message = try field.string()
    case 3: clientNonce = try field.bytes()
    case 4: oldest = try field.uint32()
    case 5: newest = try field.uint32()
    default: break
    }
  }
}
