/// Finds whether this process runs in a container, and how privileged that is.
///
/// See user_namespaces(7) and <https://systemd.io/CONTAINER_INTERFACE>.
package struct ContainerProbe: Sendable {
  /// Where /proc, /run and /dev lie.
  package var root: SystemRoot

  package init(root: SystemRoot = .machine) {
    self.root = root
  }

  /// A range of user numbers in a user namespace.
  package struct UserRange: Sendable, Equatable {
    /// The first number inside.
    package let inside: UInt32
    /// The number outside that the first one stands for.
    package let outside: UInt32
    /// How many there are.
    package let count: UInt32
  }

  /// What was found.
  package struct Result: Sendable, Equatable {
    /// What the container's manager calls itself, such as "lxc" or "podman"; nil outside of containers, and where the
    /// manager does not say.
    package let manager: String?
    /// The manager talks to the inside through /dev/lxd or /dev/incus: "lxd" or "incus"; nil without.
    package let guestInterface: String?
    /// Which users are which outside, empty where /proc does not say.
    package let userRanges: [UserRange]

    /// Root here is another user outside: the container is unprivileged, or this is some other user namespace.
    package var isUnprivileged: Bool {
      guard !userRanges.isEmpty else { return false }
      return userRanges != [UserRange(inside: 0, outside: 0, count: .max)]
    }

    /// There is any sign of a container.
    package var isContainer: Bool { manager != nil || guestInterface != nil }

    /// The number outside of user `number` here, or nil where it stands for nobody.
    package func outside(of number: UInt32) -> UInt32? {
      for range in userRanges where number >= range.inside && number - range.inside < range.count {
        let (outside, overflow) = range.outside.addingReportingOverflow(number - range.inside)
        return overflow ? nil : outside
      }
      return nil
    }
  }

  /// Reads what systemd and the first process were told, and the user map. Root may read all of it.
  package func run() -> Result {
    Result(manager: manager, guestInterface: guestInterface, userRanges: userRanges)
  }

  private var manager: String? {
    if let noted = root.value("/run/systemd/container"), !noted.isEmpty { return noted }
    let environment = root.text("/proc/1/environ")?.split(separator: "\0") ?? []
    // Marker files such as /.dockerenv prove nothing: a machine made from an image may carry them.
    guard let entry = environment.first(where: { $0.hasPrefix("container=") }), entry.count > 10 else { return nil }
    return String(entry.dropFirst(10))
  }

  private var guestInterface: String? {
    ["incus", "lxd"].first { root.exists("/dev/\($0)/sock") }
  }

  private var userRanges: [UserRange] {
    root.lines("/proc/self/uid_map").compactMap { line in
      let numbers = line.split(separator: " ").compactMap { UInt32($0) }
      guard numbers.count == 3 else { return nil }
      return UserRange(inside: numbers[0], outside: numbers[1], count: numbers[2])
    }
  }
}
