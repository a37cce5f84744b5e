/// A program to run.
///
/// A field that changes what an agent may do, and that an older one would skip without a word, needs a bit of ``Features``.
///
/// The agent answers with ``ExecStarted`` or fails; then stream 0 goes to the program's input, 1 and 2 come from
/// its output and
/// its errors (1 alone on a terminal), and ``FrameType/exit`` ends the operation behind the last byte of both.
package struct ExecRequest: Message {
  /// The program and its arguments; a program without '/' is looked for in PATH.
  package var arguments: [[UInt8]] = []
  /// Entries `NAME=VALUE`, over those that a login of the user has.
  package var environment: [[UInt8]] = []
  /// The folder to run in; the user's home where it is empty.
  package var directory: [UInt8] = []
  /// Who runs it, by name or number, `USER:GROUP` for another group; root where it is empty.
  package var user = ""
  /// Supplementary groups by name or number, instead of those that the user is in.
  package var groups: [String] = []
  /// The terminal to run it on; nil for three pipes.
  package var terminal: TerminalSize?
  /// TERM for a program on a terminal.
  package var terminalType = ""
  /// Whether there is input; else it reads from /dev/null.
  package var hasInput = false
  /// Milliseconds after which the agent ends it; 0 for no limit.
  package var timeLimit: UInt32 = 0
  /// Runs the user's own shell as a login shell when there are no arguments.
  package var isLogin = false

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &arguments)
    try coder.field(2, &environment)
    try coder.field(3, &directory)
    try coder.field(4, &user)
    try coder.field(5, &groups)
    try coder.field(6, &terminal)
    try coder.field(7, &terminalType)
    try coder.field(8, &hasInput)
    try coder.field(9, &timeLimit)
    try coder.field(10, &isLogin)
  }
}
