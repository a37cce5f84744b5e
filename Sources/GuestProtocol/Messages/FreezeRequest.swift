/// File systems to freeze until ``FrameType/cancel``, the session's end or the time limit, whichever comes first.
///
/// The agent answers with ``FreezeReply`` once they are frozen, and with ``FrameType/done``, payload ``FreezeEnd``, when
/// they are thawed again. A guest has one freeze at a time; where one file system cannot be frozen, all are thawed and the
/// operation fails. What has no disk, is read-only or cannot be frozen by its type is left out unless it was named.
package struct FreezeRequest: Message {
  /// Where they are mounted, as /proc/self/mountinfo has it; all that can be frozen where there are none.
  package var mountPoints: [[UInt8]] = []
  /// Milliseconds after which the agent thaws them by itself; at most 600,000, 60,000 where it is 0.
  package var timeLimit: UInt32 = 0

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &mountPoints)
    try coder.field(2, &timeLimit)
  }
}
