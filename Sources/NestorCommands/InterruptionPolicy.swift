/// What a command does when its user, or the system that goes down, asks it to end.
enum InterruptionPolicy {
  /// It ends where it is.
  case endsAtOnce
  /// It stops in good order, and ends; see ``SignalHandling/cancelling(_:asked:isolation:)``.
  case cancels
  /// It finishes what cannot be left in the middle, and ends; see ``SignalHandling/finishing(_:_:)``.
  case finishes
}
