import Libvirt

/// A guest's start that failed since its control group was made or removed by others at the same moment.
///
/// With cgroup v1 libvirt makes a guest's groups below ones that systemd, and every guest that ends, may remove just then,
/// and that another start may have made but not filled yet. The guest's processors have not begun to run by that time, so
/// a second start does what the first was to do. See https://libvirt.org/cgroups.html.
enum StartRace {
  /// How often a start is tried. Of eight at once one or two lose; what fails for another reason fails after some seconds.
  static let attempts = 8

  /// Runs a call that starts a guest and may be repeated, again where it lost such a race; throws what the last one did.
  static func retrying(
    pause: (_ attempt: Int) async throws -> Void = StartRace.pause, _ start: () async throws -> Void
  ) async throws {
    for attempt in 1..<attempts {
      do {
        return try await start()
      } catch let error as LibvirtError where error.domain == .cgroup {
        try await pause(attempt)
      }
    }
    try await start()
  }

  /// Waits longer each time, for a random time, so that those that lost together do not meet again.
  private static func pause(_ attempt: Int) async throws {
    try await ContinuousClock().sleep(for: .milliseconds(Int.random(in: 10...(50 * attempt))))
  }
}
