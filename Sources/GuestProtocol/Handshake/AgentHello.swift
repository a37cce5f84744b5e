/// How an agent answers a client that it can talk to.
public struct AgentHello: Message {
  /// The version that both speak: the newest of those.
  public var version: UInt32 = 0
  /// What the agent can do.
  public var features: Features = []
  /// The client's nonce.
  public var clientNonce: [UInt8] = []
  /// 32 random bytes of the agent's own.
  public var nonce: [UInt8] = []
  /// The credit, in bytes, with which each stream to the agent begins.
  public var window: UInt32 = 0
  /// The agent's program and version.
  public var program = ""

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, version)
    writer.put(2, features.rawValue)
    writer.put(3, clientNonce)
    writer.put(4, nonce)
    writer.put(5, window)
    writer.put(6, program)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: version = try field.uint32()
    case 2: features = Features(rawValue: try field.uint64())
    case 3: clientNonce = try field.bytes()
    case 4: nonce = try field.bytes()
    case 5: window = try field.uint32()
    case 6: program = try field.string()
    default: break
    }
  }
}
