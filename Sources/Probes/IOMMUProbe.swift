/// Finds whether devices can be given to guests: whether the machine has an IOMMU and the kernel uses it.
///
/// See <https://docs.kernel.org/driver-api/vfio.html>.
public struct IOMMUProbe: Sendable {
  /// Where /sys lies.
  public var root: SystemRoot

  /// A probe of `root`.
  public init(root: SystemRoot = .machine) {
    self.root = root
  }

  /// What was found.
  public struct Result: Sendable, Equatable {
    /// The firmware's table that describes an IOMMU: "DMAR" (Intel) or "IVRS" (AMD); nil where there is none.
    public let firmwareTable: String?
    /// How many groups of devices the kernel has made; 0 where it does not use the IOMMU.
    public let groups: Int
  }

  /// Looks for the table and counts the groups.
  public func run() -> Result {
    Result(
      firmwareTable: ["DMAR", "IVRS"].first { root.exists("/sys/firmware/acpi/tables/\($0)") },
      groups: root.names("/sys/kernel/iommu_groups").count)
  }
}
