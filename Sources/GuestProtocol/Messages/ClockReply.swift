/// What became of the clock.
package struct ClockReply: Message {
  /// How far the clock was behind, in nanoseconds; negative where it was ahead.
  package var offset: Int64 = 0

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &offset)
  }
}
