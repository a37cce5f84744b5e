/// What a forwarded stream is connected to in the guest; the payload of ``FrameType/open``.
public struct ForwardTarget: Message {
  /// An address or `localhost`; names are not resolved.
  public var host = ""
  /// A TCP port, from 1 to 65,535.
  public var port: UInt32 = 0
  /// A unix socket's path, instead of host and port.
  public var path: [UInt8] = []

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, host)
    writer.put(2, port)
    writer.put(3, path)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: host = try field.string()
    case 2: port = try field.uint32()
    case 3: path = try field.bytes()
    default: break
    }
  }
}
