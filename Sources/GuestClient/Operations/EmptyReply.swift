import GuestProtocol

/// The answer of an operation that has nothing to say but that it succeeded.
struct EmptyReply: Message {
  func fields<Coder: MessageCoder>(_ coder: inout Coder) {}
}
