/// How a client begins a session.
public struct ClientHello: Message {
  /// The oldest version that the client speaks.
  public var oldest: UInt32 = 0
  /// The newest version that the client speaks.
  public var newest: UInt32 = 0
  /// What the client can make use of.
  public var features: Features = []
  /// 32 random bytes; the agent's answer repeats them, so that an answer to an earlier client is not taken for its own.
  public var nonce: [UInt8] = []
  /// The credit, in bytes, with which each stream to the client begins.
  public var window: UInt32 = 0
  /// The client's program and version, for the agent's log.
  public var program = ""

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, oldest)
    writer.put(2, newest)
    writer.put(3, features.rawValue)
    writer.put(4, nonce)
    writer.put(5, window)
    writer.put(6, program)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: oldest = try field.uint32()
    case 2: newest = try field.uint32()
    case 3: features = Features(rawValue: try field.uint64())
    case 4: nonce = try field.bytes()
    case 5: window = try field.uint32()
    case 6: program = try field.string()
    default: break
    }
  }
}
