/// A terminal's size in characters; the payload of ``FrameType/resize``.
public struct TerminalSize: Message {
  /// Lines, at most 65,535.
  public var rows: UInt32 = 0
  /// Characters a line, at most 65,535.
  public var columns: UInt32 = 0

  /// A message whose fields all have their defaults.
  public init() {}

  /// Hands each field to a coder, under its number.
  public mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &rows)
    try coder.field(2, &columns)
  }

  /// Makes a size of its parts.
  public init(rows: UInt32, columns: UInt32) {
    self.rows = rows
    self.columns = columns
  }
}
