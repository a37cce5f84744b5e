/// How a program ended; the payload of ``FrameType/exit``.
public struct ExitStatus: Message {
  /// The exit status where no signal ended it, from 0 to 255.
  public var code: UInt32 = 0
  /// The signal that ended it, or 0.
  public var signal: UInt32 = 0
  /// It left a core dump.
  public var dumpedCore = false
  /// The agent ended it since its time was over.
  public var timedOut = false

  /// A message whose fields all have their defaults.
  public init() {}

  /// Hands each field to a coder, under its number.
  public mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &code)
    try coder.field(2, &signal)
    try coder.field(3, &dumpedCore)
    try coder.field(4, &timedOut)
  }
}
