/// What was changed.
package struct IdentityReply: Message {
  /// What was done, a sentence each.
  package var steps: [String] = []
  /// What could not be done, and why.
  package var problems: [String] = []
  /// New sessions are held with the key of the request.
  package var tookKey = false

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &steps)
    try coder.field(2, &problems)
    try coder.field(3, &tookKey)
  }
}
