/// A terminal's size in characters; the payload of ``FrameType/resize``.
public struct TerminalSize: Message {
  /// Lines, at most 65,535.
  public var rows: UInt32 = 0
  /// Characters a line, at most 65,535.
  public var columns: UInt32 = 0

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, rows)
    writer.put(2, columns)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: rows = try field.uint32()
    case 2: columns = try field.uint32()
    default: break
    }
  }

  /// Makes a size of its parts.
  public init(rows: UInt32, columns: UInt32) {
    self.rows = rows
    self.columns = columns
  }
}
