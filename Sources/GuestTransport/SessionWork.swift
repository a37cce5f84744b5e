import Glibc
import GuestProtocol

/// One operation of a session as either side sees it; ``SessionLoop`` runs it.
///
/// All calls come from the loop's thread, none may block for long. An error ends the work: ``OperationFailure`` is what
/// one tells the peer of, any other ends the session.
package protocol SessionWork: AnyObject {
  /// Whether there is nothing left to do; what waits in the connection is still sent.
  var isFinished: Bool { get }
  /// The descriptors to poll besides the connection's, with the events to wait for; asked anew in every round. One that is
  /// at its end has to be left out, since poll(2) reports that whatever was asked for.
  var descriptors: [(descriptor: Int32, events: Int16)] { get }
  /// The moment at which ``tick()`` is to be called though nothing happened; nil for never. Asked anew in every round,
  /// before the wait.
  var deadline: Instant? { get }
  /// Called once, before anything else.
  func begin() throws
  /// Takes a frame of the peer's; pings are answered by the loop. The payload is valid within the call only.
  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws
  /// Takes what poll(2) said of one of ``descriptors``.
  func handle(_ descriptor: Int32, _ events: Int16) throws
  /// Puts data into the connection while that has room; called in every round.
  func produce() throws
  /// Called when the ``deadline`` is reached, also one that what happened in the same round has moved.
  func tick() throws
}

extension SessionWork {
  /// None.
  package var descriptors: [(descriptor: Int32, events: Int16)] { [] }
  /// Never.
  package var deadline: Instant? { nil }
  /// Does nothing.
  package func begin() throws {}
  /// Does nothing.
  package func handle(_ descriptor: Int32, _ events: Int16) throws {}
  /// Does nothing.
  package func produce() throws {}
  /// Does nothing.
  package func tick() throws {}
}
