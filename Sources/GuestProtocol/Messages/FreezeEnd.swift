/// How file systems came to be thawed; the payload of the ``FrameType/done`` that ends a freeze.
public struct FreezeEnd: Message {
  /// The time limit was reached before the client gave the word: what was done meanwhile may have been done too late.
  public var timedOut = false

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, timedOut)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: timedOut = try field.bool()
    default: break
    }
  }
}
