/// What is at a path.
package struct StatReply: Message {
  /// Whether there is anything.
  package var exists = false
  /// Its type and permission bits, as stat(2) has them.
  package var mode: UInt32 = 0
  /// Its size in bytes.
  package var size: UInt64 = 0

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &exists)
    try coder.field(2, &mode)
    try coder.field(3, &size)
  }
}
