/// Finds whether devices can be given to guests: whether the machine has an IOMMU and the kernel uses it.
///
/// See <https://docs.kernel.org/driver-api/vfio.html>.
package struct IOMMUProbe: Sendable {
  /// Where /sys lies.
  package var root: SystemRoot

  package init(root: SystemRoot = .machine) {
    self.root = root
  }

  /// What was found.
  package struct Result: Sendable, Equatable {
    /// The firmware's table that describes an IOMMU: "DMAR" (Intel) or "IVRS" (AMD); nil where there is none.
    package let firmwareTable: String?
    /// How many groups of devices the kernel has made; 0 where it does not use the IOMMU.
    package let groups: Int
  }

  /// Looks for the table and counts the groups.
  package func run() -> Result {
    Result(
      firmwareTable: ["DMAR", "IVRS"].first { root.exists("/sys/firmware/acpi/tables/\($0)") },
      groups: root.names("/sys/kernel/iommu_groups").count)
  }
}
