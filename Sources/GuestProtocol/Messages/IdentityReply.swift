/// What was changed.
public struct IdentityReply: Message {
  /// What was done, a sentence each.
  public var steps: [String] = []
  /// What could not be done, and why.
  public var problems: [String] = []
  /// New sessions are held with the key of the request.
  public var tookKey = false

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    for element in steps { writer.putElement(1, Array(element.utf8)) }
    for element in problems { writer.putElement(2, Array(element.utf8)) }
    writer.put(3, tookKey)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: steps.append(try field.string())
    case 2: problems.append(try field.string())
    case 3: tookKey = try field.bool()
    default: break
    }
  }
}
