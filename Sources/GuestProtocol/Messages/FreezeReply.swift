/// What was frozen.
package struct FreezeReply: Message {
  /// Where the file systems are mounted.
  package var mountPoints: [[UInt8]] = []

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &mountPoints)
  }
}
