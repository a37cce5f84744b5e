/// Why an operation, a stream or a session ended; the payload of ``FrameType/failure`` and ``FrameType/reset``.
public struct Failure: Message {
  /// A ``ProtocolError/Code``'s number.
  public var code: UInt32 = 0
  /// A sentence for the user, without a full stop.
  public var message = ""
  /// The errno value behind it, or 0.
  public var number: UInt32 = 0

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, code)
    writer.put(2, message)
    writer.put(3, number)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: code = try field.uint32()
    case 2: message = try field.string()
    case 3: number = try field.uint32()
    default: break
    }
  }

  /// Tells of an error.
  public init(_ error: ProtocolError) {
    code = error.code.rawValue
    message = error.message
    number = UInt32(bitPattern: error.number)
  }

  /// The error that is told of; a code that this version does not know becomes ``ProtocolError/Code/unexpected``.
  public var error: ProtocolError {
    ProtocolError(ProtocolError.Code(rawValue: code) ?? .unexpected, message, number: Int32(bitPattern: number))
  }
}
