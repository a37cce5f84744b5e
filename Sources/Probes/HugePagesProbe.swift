/// Finds which huge pages there are for guests.
///
/// See <https://docs.kernel.org/admin-guide/mm/hugetlbpage.html> and
/// <https://docs.kernel.org/admin-guide/mm/transhuge.html>.
package struct HugePagesProbe: Sendable {
  /// Where /proc and /sys lie.
  package var root: SystemRoot

  package init(root: SystemRoot = .machine) {
    self.root = root
  }

  /// The pages of one size.
  package struct Pool: Sendable, Equatable {
    /// A page's size in KiB.
    package let pageKiB: UInt64
    /// How many are set aside.
    package let total: UInt64
    /// How many of them nobody uses.
    package let free: UInt64
  }

  /// What was found.
  package struct Result: Sendable, Equatable {
    /// The pools, small pages first; also those with no pages.
    package let pools: [Pool]
    /// How the kernel joins pages by itself: "always", "madvise" or "never"; nil where it cannot.
    package let transparent: String?
    /// Where hugetlbfs is mounted.
    package let mounts: [String]
  }

  /// Reads the pools, the mode and the mounts.
  package func run() -> Result {
    let folder = "/sys/kernel/mm/hugepages"
    let pools = root.names(folder).compactMap { name -> Pool? in
      guard name.hasPrefix("hugepages-"), name.hasSuffix("kB"), let size = UInt64(name.dropFirst(10).dropLast(2)),
        let total = root.number("\(folder)/\(name)/nr_hugepages", as: UInt64.self),
        let free = root.number("\(folder)/\(name)/free_hugepages", as: UInt64.self)
      else { return nil }
      return Pool(pageKiB: size, total: total, free: free)
    }
    let modes = root.value("/sys/kernel/mm/transparent_hugepage/enabled")?.split(separator: " ") ?? []
    let mode = modes.first { $0.hasPrefix("[") && $0.hasSuffix("]") }
    return Result(
      pools: pools.sorted { $0.pageKiB < $1.pageKiB },
      transparent: mode.map { String($0.dropFirst().dropLast()) },
      mounts: root.lines("/proc/self/mountinfo").compactMap { MountEntry($0) }.filter { $0.type == "hugetlbfs" }
        .map { String($0.target) })
  }
}
