/// What was changed.
public struct IdentityReply: Message {
  /// What was done, a sentence each.
  public var steps: [String] = []
  /// What could not be done, and why.
  public var problems: [String] = []

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    for element in steps { writer.putElement(1, Array(element.utf8)) }
    for element in problems { writer.putElement(2, Array(element.utf8)) }
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: steps.append(try field.string())
    case 2: problems.append(try field.string())
    default: break
    }
  }
}
