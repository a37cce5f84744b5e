/// A session of an agent.
package struct SessionEntry: Message {
  /// Its number since the agent's start.
  package var number: UInt64 = 0
  /// The number of what it does; 0 while it waits for a request.
  package var operationNumber: UInt32 = 0
  /// The command, path or target.
  package var detail = ""
  /// Who the program runs as.
  package var user = ""
  /// The program's process ID, or 0.
  package var process: UInt32 = 0
  /// Milliseconds since it began.
  package var age: UInt64 = 0
  /// What carries it: `vsock`, `port 3`.
  package var transport = ""
  /// The client's program and version, as it says.
  package var client = ""
  /// It is the session that asks.
  package var isOwn = false

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &number)
    try coder.field(2, &operationNumber)
    try coder.field(3, &detail)
    try coder.field(4, &user)
    try coder.field(5, &process)
    try coder.field(6, &age)
    try coder.field(7, &transport)
    try coder.field(8, &client)
    try coder.field(9, &isOwn)
  }

  /// What it does; ``Operation/none`` while it waits for a request, and where this version does not know it.
  package var operation: Operation {
    get { Operation(rawValue: operationNumber) ?? .none }
    set { operationNumber = newValue.rawValue }
  }
}
