/// A terminal's size in characters; the payload of ``FrameType/resize``.
package struct TerminalSize: Message {
  /// Lines, at most 65,535.
  package var rows: UInt32 = 0
  /// Characters a line, at most 65,535.
  package var columns: UInt32 = 0

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &rows)
    try coder.field(2, &columns)
  }

  package init(rows: UInt32, columns: UInt32) {
    self.rows = rows
    self.columns = columns
  }
}
