import GuestProtocol
import GuestTransport

extension GuestSession {
  /// Runs a program in the guest until it ends, and answers with how it ended.
  ///
  /// `onStart` is told its process ID in the guest; `control` reaches it meanwhile. Input and output never block the
  /// session, so a slow reader slows the program down and nothing else. Throws ``OperationFailure`` when the program
  /// could not be started; any other error means that the session, and with it the program, is over.
  package func exec(
    _ request: ExecRequest, _ streams: ExecStreams, control: ExecControl? = nil, onStart: ((UInt32) -> Void)? = nil
  ) throws -> ExecEnd {
    var request = request
    if case .none = streams.input { request.hasInput = false } else { request.hasInput = true }
    let work = ExecOperation(connection, terms: terms, request, streams, control: control, onStart: onStart)
    try run(work)
    guard let status = work.status else { throw SessionEnd.peerGone }
    return status
  }
}
