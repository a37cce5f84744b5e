import Libvirt

/// What a guest does at the moment, in libvirt's words.
package enum GuestStatus: String, Sendable, Codable, CaseIterable {
  /// Its CPUs run.
  case running
  /// It waits for a resource.
  case blocked
  /// It is suspended: in memory, but its CPUs stand still.
  case paused
  case shuttingDown = "in shutdown"
  case shutOff = "shut off"
  /// It is off, and its memory is saved for the next start.
  case saved
  /// It is off because its kernel panicked, or because QEMU ended.
  case crashed
  /// Its kernel panicked, and QEMU holds its memory still, as its definition asks for.
  case panicked
  /// It sleeps by its own power management.
  case asleep = "pmsuspended"
  /// Nestor was killed while it made the guest.
  case incomplete
  /// Nestor was killed while it deleted the guest.
  case deleting
  /// libvirt says something that this version does not know.
  case unknown

  /// Whether QEMU holds the guest, so that its disks are in use.
  package var isActive: Bool {
    switch self {
    case .running, .blocked, .paused, .shuttingDown, .asleep, .panicked: true
    case .shutOff, .saved, .crashed, .incomplete, .deleting, .unknown: false
    }
  }

  /// The status of a guest by libvirt's state and Nestor's record of it.
  init(_ state: DomainState, _ record: GuestRecord?, isSaved: Bool) {
    switch record?.stage {
    case .incomplete: self = .incomplete
    case .deleting: self = .deleting
    case .complete, nil:
      self =
        switch state.status {
        case .running: .running
        case .blocked: .blocked
        case .paused: .paused
        case .shutdown: .shuttingDown
        case .crashed: .panicked
        case .pmSuspended: .asleep
        case .shutoff: isSaved ? .saved : state.isCrash ? .crashed : .shutOff
        case .noState, .unknown: .unknown
        }
    }
  }
}
