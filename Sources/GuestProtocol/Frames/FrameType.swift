/// What a frame is for.
package enum FrameType: UInt8, Sendable, CaseIterable {
  /// The client asks for an operation; payload ``Request``.
  case request = 1
  /// The agent began or answered an operation; the payload is the operation's own reply.
  case reply = 2
  /// The operation ended without success; payload ``Failure``.
  case failure = 3
  /// Bytes of a stream.
  case data = 4
  /// A stream's last byte has been sent.
  case end = 5
  /// The receiver of a stream takes more of it; payload: the number of bytes, 4 bytes.
  case credit = 6
  /// A stream was given up; payload ``Failure``.
  case reset = 7
  /// The client sends the program a signal; payload: its number, 4 bytes.
  case signal = 8
  /// The terminal has another size; payload ``TerminalSize``.
  case resize = 9
  /// The program ended, after its output did; payload ``ExecEnd``. Ends the operation.
  case exit = 10
  /// Asks whether the peer is there; payload: the session's token, 8 bytes.
  case ping = 11
  /// Answers a ping; payload: the session's token, 8 bytes.
  case pong = 12
  /// The client opens a forwarded stream; payload ``ForwardTarget``.
  case open = 13
  /// The agent has connected a forwarded stream; no payload.
  case opened = 14
  /// A file, folder or link of a copy; payload ``FileEntry``.
  case entry = 15
  /// Zeros of a sparse file; payload: their number, 8 bytes.
  case hole = 16
  /// A file's bytes ended; payload ``FileEnd`` with their checksum.
  case digest = 17
  /// The operation ended with success; the payload is the operation's own.
  case done = 18
  /// What is being watched has changed; payload ``SystemState``.
  case state = 19
  /// The client gives up the operation; no payload. The agent answers with ``failure`` or ``done``.
  case cancel = 20
}
