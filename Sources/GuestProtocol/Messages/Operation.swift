/// What a client can ask an agent to do. Each name's documentation is its message's.
package enum Operation: UInt32, Sendable, CaseIterable {
  /// Nothing; no request has it.
  case none = 0
  /// Runs a program, see ``ExecRequest``.
  case exec = 1
  /// Takes files, see ``PutRequest``.
  case put = 2
  /// Sends files, see ``GetRequest``.
  case get = 3
  /// Connects streams, as ``ForwardTarget`` says, until ``FrameType/cancel``; the reply is empty.
  case forward = 4
  /// Tells of the guest; ``FrameType/done`` with ``GuestReport``.
  case report = 5
  /// Powers off or reboots, see ``PowerRequest``.
  case power = 6
  /// Sets the clock; ``FrameType/done`` with ``ClockReply``.
  case clock = 7
  /// Freezes file systems, see ``FreezeRequest``.
  case freeze = 8
  /// Gives a copy an identity of its own; ``FrameType/done`` with ``IdentityReply``.
  case identity = 9
  /// Lists the agent's sessions; ``FrameType/done`` with ``SessionList``.
  case sessions = 10
  /// Looks at a path; ``FrameType/done`` with ``StatReply``.
  case stat = 11
  /// Reports how far the system is, see ``WatchRequest``.
  case watch = 12
}
