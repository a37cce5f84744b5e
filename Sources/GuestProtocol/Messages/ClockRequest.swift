/// The time that the guest's clock is to have.
package struct ClockRequest: Message {
  /// Nanoseconds since 1970.
  package var time: Int64 = 0

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &time)
  }
}
