/// How a program ended; the payload of ``FrameType/exit``.
package struct ExecEnd: Message {
  /// The exit status where no signal ended it, from 0 to 255.
  package var code: UInt32 = 0
  /// The signal that ended it, or 0.
  package var signal: UInt32 = 0
  /// It left a core dump.
  package var dumpedCore = false
  /// The agent ended it since its time was over.
  package var timedOut = false

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &code)
    try coder.field(2, &signal)
    try coder.field(3, &dumpedCore)
    try coder.field(4, &timedOut)
  }
}
