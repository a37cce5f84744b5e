/// A session of an agent.
public struct SessionEntry: Message {
  /// Its number since the agent's start.
  public var number: UInt64 = 0
  /// The number of what it does; 0 while it waits for a request.
  public var operationNumber: UInt32 = 0
  /// The command, path or target.
  public var detail = ""
  /// Who the program runs as.
  public var user = ""
  /// The program's process ID, or 0.
  public var process: UInt32 = 0
  /// Milliseconds since it began.
  public var age: UInt64 = 0
  /// What carries it: `vsock`, `port 3`.
  public var transport = ""
  /// The client's program and version, as it says.
  public var client = ""
  /// It is the session that asks.
  public var isOwn = false

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, number)
    writer.put(2, operationNumber)
    writer.put(3, detail)
    writer.put(4, user)
    writer.put(5, process)
    writer.put(6, age)
    writer.put(7, transport)
    writer.put(8, client)
    writer.put(9, isOwn)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: number = try field.uint64()
    case 2: operationNumber = try field.uint32()
    case 3: detail = try field.string()
    case 4: user = try field.string()
    case 5: process = try field.uint32()
    case 6: age = try field.uint64()
    case 7: transport = try field.string()
    case 8: client = try field.string()
    case 9: isOwn = try field.bool()
    default: break
    }
  }

  /// What it does; ``Operation/none`` while it waits for a request, and where this version does not know it.
  public var operation: Operation {
    get { Operation(rawValue: operationNumber) ?? .none }
    set { operationNumber = newValue.rawValue }
  }
}
