/// What a peer did that the protocol does not allow, or why the two cannot talk.
package struct ProtocolError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of a failure; it travels as its number in ``Failure`` and ``Refusal``.
  package enum Code: UInt32, Sendable, CaseIterable {
    /// Bytes that are no frame, no packet or no message.
    case malformed = 1
    /// A frame that may not come at this point, or for a stream that is not open.
    case unexpected = 2
    /// The peer sent more than it had credit for.
    case overrun = 3
    /// No version that both speak.
    case version = 4
    /// The peer does not know the guest's key.
    case authentication = 5
    /// The agent has as many sessions as it can have.
    case busy = 6
    /// The agent does not know the operation, or not this variant of it.
    case unsupported = 7
    /// The peer has been silent for too long.
    case silent = 8
    /// A field has a value that makes no sense.
    case invalid = 9
    /// A call to the guest's kernel failed; the number of the error comes along.
    case system = 10
    /// What was asked for is not there.
    case notFound = 11
    /// The time that was given ran out.
    case timedOut = 12
    /// The bytes received are not those that were sent.
    case checksum = 13
    /// The agent is going away.
    case stopping = 14
    /// A path that leads out of the folder that it must stay in.
    case escape = 15
    /// The client gave the operation up.
    case cancelled = 16
  }

  /// The kind of the failure.
  package var code: Code
  /// What happened, in a sentence without a full stop.
  package var message: String
  /// The errno value behind it, or 0.
  package var number: Int32

  package init(_ code: Code, _ message: String, number: Int32 = 0) {
    self.code = code
    self.message = message
    self.number = number
  }

  package var description: String { message }
}
