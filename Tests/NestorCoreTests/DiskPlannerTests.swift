import Testing

@testable import NestorCore

@Suite("Names of disks")
struct DiskPlannerTests {
  @Test(
    "Disks are counted as Linux names them",
    arguments: [(0, "a"), (25, "z"), (26, "aa"), (27, "ab"), (51, "az"), (52, "ba"), (701, "zz"), (702, "aaa")])
  func letters(_ number: Int, _ text: String) {
    #expect(DiskPlanner.letters(number) == text)
  }

  @Test("Thirty disks have thirty names, on two buses apart")
  func many() throws {
    let lines = (0..<60).map { "  - {size: 1MiB, bus: \($0 % 2 == 0 ? "virtio" : "scsi")}" }
    let guest = try PlannedGuest("disks:\n" + lines.joined(separator: "\n"))
    let names = (0..<60).compactMap { guest.find("devices/disk[\($0)]/target@dev") }
    #expect(Set(names).count == 60)
    #expect(names[52] == "vdaa" && names[53] == "sdaa" && names[59] == "sdad")
    #expect(Set(guest.plan.disks.map(\.path)).count == 60)
  }
}
