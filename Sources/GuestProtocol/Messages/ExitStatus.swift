/// How a program ended; the payload of ``FrameType/exit``.
public struct ExitStatus: Message {
  /// The exit status where no signal ended it, from 0 to 255.
  public var code: UInt32 = 0
  /// The signal that ended it, or 0.
  public var signal: UInt32 = 0
  /// It left a core dump.
  public var dumpedCore = false
  /// The agent ended it since its time was over.
  public var timedOut = false

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, code)
    writer.put(2, signal)
    writer.put(3, dumpedCore)
    writer.put(4, timedOut)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: code = try field.uint32()
    case 2: signal = try field.uint32()
    case 3: dumpedCore = try field.bool()
    case 4: timedOut = try field.bool()
    default: break
    }
  }
}
