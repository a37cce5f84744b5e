/// The program runs.
package struct ExecStarted: Message {
  /// Its process ID in the guest.
  package var process: UInt32 = 0

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &process)
  }
}
