/// Why an operation, a stream or a session ended; the payload of ``FrameType/failure`` and ``FrameType/reset``.
package struct Failure: Message {
  /// A ``ProtocolError/Code``'s number.
  package var code: UInt32 = 0
  /// A sentence for the user, without a full stop.
  package var message = ""
  /// The errno value behind it, or 0.
  package var number: UInt32 = 0

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &code)
    try coder.field(2, &message)
    try coder.field(3, &number)
  }

  /// Tells of an error.
  package init(_ error: ProtocolError) {
    code = error.code.rawValue
    message = error.message
    number = UInt32(bitPattern: error.number)
  }

  /// The error that is told of; a code that this version does not know becomes ``ProtocolError/Code/unexpected``.
  package var error: ProtocolError {
    ProtocolError(ProtocolError.Code(rawValue: code) ?? .unexpected, message, number: Int32(bitPattern: number))
  }
}
