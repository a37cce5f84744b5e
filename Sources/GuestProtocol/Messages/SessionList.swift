/// The sessions of an agent.
package struct SessionList: Message {
  /// One entry each.
  package var sessions: [SessionEntry] = []

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &sessions)
  }
}
