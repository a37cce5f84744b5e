import GuestProtocol

/// The answer of an operation that has nothing to say but that it succeeded.
struct EmptyReply: Message {
  func write(to writer: inout MessageWriter) {}

  mutating func read(_ field: MessageField) {}
}
