/// File systems to freeze until ``FrameType/cancel``, the session's end or the time limit, whichever comes first.
///
/// The agent answers with ``FreezeReply`` once they are frozen, and with ``FrameType/done``, payload ``FreezeEnd``, when
/// they are thawed again. A guest has one freeze at a time; where one file system cannot be frozen, all are thawed and the
/// operation fails. What has no disk, is read-only or cannot be frozen by its type is left out unless it was named.
public struct FreezeRequest: Message {
  /// Where they are mounted, as /proc/self/mountinfo has it; all that can be frozen where there are none.
  public var mountPoints: [[UInt8]] = []
  /// Milliseconds after which the agent thaws them by itself; at most 600,000, 60,000 where it is 0.
  public var timeLimit: UInt32 = 0

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    for element in mountPoints { writer.putElement(1, element) }
    writer.put(2, timeLimit)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: mountPoints.append(try field.bytes())
    case 2: timeLimit = try field.uint32()
    default: break
    }
  }
}
