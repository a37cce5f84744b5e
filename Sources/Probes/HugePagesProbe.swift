/// Finds which huge pages there are for guests.
///
/// See <https://docs.kernel.org/admin-guide/mm/hugetlbpage.html> and
/// <https://docs.kernel.org/admin-guide/mm/transhuge.html>.
public struct HugePagesProbe: Sendable {
  /// Where /proc and /sys lie.
  public var root: SystemRoot

  /// A probe of `root`.
  public init(root: SystemRoot = .machine) {
    self.root = root
  }

  /// The pages of one size.
  public struct Pool: Sendable, Equatable {
    /// A page's size in KiB.
    public let pageKiB: UInt64
    /// How many are set aside.
    public let total: UInt64
    /// How many of them nobody uses.
    public let free: UInt64
  }

  /// What was found.
  public struct Result: Sendable, Equatable {
    /// The pools, small pages first; also those with no pages.
    public let pools: [Pool]
    /// How the kernel joins pages by itself: "always", "madvise" or "never"; nil where it cannot.
    public let transparent: String?
    /// Where hugetlbfs is mounted.
    public let mounts: [String]
  }

  /// Reads the pools, the mode and the mounts.
  public func run() -> Result {
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
