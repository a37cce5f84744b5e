/// How file systems came to be thawed; the payload of the ``FrameType/done`` that ends a freeze.
package struct FreezeEnd: Message {
  /// The time limit was reached before the client gave the word: what was done meanwhile may have been done too late.
  package var timedOut = false

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &timedOut)
  }
}
