/// The program runs.
public struct ExecStarted: Message {
  /// Its process ID in the guest.
  public var process: UInt32 = 0

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, process)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: process = try field.uint32()
    default: break
    }
  }
}
