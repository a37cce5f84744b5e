/// Why a session is over although its work is not.
package enum SessionEnd: Error, Sendable, Equatable {
  case peerGone
  /// The peer has been silent for this long although it was asked to answer.
  case silent(Duration)
  /// The peer answered for another session: the guest's memory is not what it was when this one began.
  case replaced
  /// The loop was interrupted from outside.
  case interrupted
}
