/// What is to be kept of guests at a moment.
package struct SnapshotRequest: Sendable, Equatable {
  /// The snapshot's name; nil for the time.
  package var name: String?
  /// A line about the moment.
  package var description: String?
  /// The disks without the memory, also where a guest runs: then in files of their own, see ``SnapshotPlace``.
  package var isDiskOnly = false
  /// A running guest's agent freezes its file systems meanwhile, so that they are whole on the disks; only for those that
  /// are kept without the memory, which would be frozen when it comes back.
  package var isQuiesced = false

  /// A moment with memory and disks, named after its time.
  package init() {}
}
