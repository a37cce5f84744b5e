import Libvirt

/// What a guest does once it is back at a snapshot.
package enum RevertedState: String, Codable, Sendable {
  /// What it did when the snapshot was taken.
  case fromSnapshot
  /// It runs; one that was off boots.
  case running
  /// It is paused; one that was off is paused before its boot.
  case paused

  /// The same in libvirt's words.
  var flags: SnapshotRevertFlags {
    switch self {
    case .fromSnapshot: []
    case .running: .running
    case .paused: .paused
    }
  }
}
