/// A program to run.
///
/// The agent answers with ``ExecStarted`` or fails; then stream 0 goes to the program's input, 1 and 2 come from
/// its output and
/// its errors (1 alone on a terminal), and ``FrameType/exit`` ends the operation behind the last byte of both.
public struct ExecRequest: Message {
  /// The program and its arguments; a program without '/' is looked for in PATH.
  public var arguments: [[UInt8]] = []
  /// Entries `NAME=VALUE`, over those that a login of the user has.
  public var environment: [[UInt8]] = []
  /// The folder to run in; the user's home where it is empty.
  public var directory: [UInt8] = []
  /// Who runs it, by name or number, `USER:GROUP` for another group; root where it is empty.
  public var user = ""
  /// Supplementary groups by name or number, instead of those that the user is in.
  public var groups: [String] = []
  /// The terminal to run it on; nil for three pipes.
  public var terminal: TerminalSize?
  /// TERM for a program on a terminal.
  public var terminalType = ""
  /// Whether there is input; else it reads from /dev/null.
  public var hasInput = false
  /// Milliseconds after which the agent ends it; 0 for no limit.
  public var timeLimit: UInt32 = 0
  /// Runs the user's own shell as a login shell when there are no arguments.
  public var isLogin = false

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    for element in arguments { writer.putElement(1, element) }
    for element in environment { writer.putElement(2, element) }
    writer.put(3, directory)
    writer.put(4, user)
    for element in groups { writer.putElement(5, Array(element.utf8)) }
    if let terminal { writer.putElement(6, terminal.encoded) }
    writer.put(7, terminalType)
    writer.put(8, hasInput)
    writer.put(9, timeLimit)
    writer.put(10, isLogin)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: arguments.append(try field.bytes())
    case 2: environment.append(try field.bytes())
    case 3: directory = try field.bytes()
    case 4: user = try field.string()
    case 5: groups.append(try field.string())
    case 6: terminal = try TerminalSize(decoding: try field.bytes())
    case 7: terminalType = try field.string()
    case 8: hasInput = try field.bool()
    case 9: timeLimit = try field.uint32()
    case 10: isLogin = try field.bool()
    default: break
    }
  }
}
