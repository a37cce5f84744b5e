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

  /// Hands each field to a coder, under its number.
  public mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &code)
    try coder.field(2, &message)
    try coder.field(3, &number)
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
