import DomainXML
import Libvirt
import NestorSupport
import Testing

@testable import NestorCore

@Suite("Where a snapshot lies")
struct SnapshotPlaceTests {
  private func snapshot(_ name: String, _ kind: SnapshotDefinition.Kind) -> SnapshotDefinition {
    var snapshot = SnapshotDefinition(name: name)
    snapshot.disks = [
      SnapshotDefinition.Disk(name: "sda", kind: SnapshotDefinition.Kind.none),
      SnapshotDefinition.Disk(name: "vda", kind: kind),
    ]
    return snapshot
  }

  private func place(
    diskOnly: Bool, isActive: Bool, _ present: [SnapshotDefinition] = [], libvirt: Version = Version(11, 3),
    template: String = "disks: [{size: 1MiB}]"
  ) throws -> SnapshotPlace {
    var request = SnapshotRequest()
    request.isDiskOnly = diskOnly
    return try SnapshotPlace(
      for: request, of: try DomainDefinition(xml: PlannedGuest(template).plan.xml), isActive: isActive,
      present: present, libvirt: libvirt)
  }

  @Test("is inside the disks, unless the disks alone of a running guest are wanted")
  func places() throws {
    let inside = snapshot("a", .internal)
    let files = snapshot("b", .external)
    #expect(try place(diskOnly: false, isActive: true) == .inside)
    #expect(try place(diskOnly: false, isActive: true, [inside], libvirt: Version(9, 0)) == .inside)
    #expect(try place(diskOnly: true, isActive: true) == .files)
    #expect(try place(diskOnly: true, isActive: true, [files]) == .files)
    // A guest that is off goes on with the kind that it has.
    #expect(try place(diskOnly: true, isActive: false, [inside]) == .inside)
    #expect(try place(diskOnly: true, isActive: false, libvirt: Version(9, 0)) == .inside)
    #expect(try place(diskOnly: false, isActive: false, [files]) == .files)
    // Its variables stay out of it.
    #expect(try place(diskOnly: true, isActive: true, template: "firmware: uefi\ndisks: [{size: 1MiB}]") == .files)
    #expect(try place(diskOnly: true, isActive: true, template: "disks: [{size: 1MiB, format: raw}]") == .files)
  }

  @Test(
    "is nowhere where two kinds would mix, or libvirt could not go back",
    arguments: [
      (true, true, "internal", 11, "cause: it has snapshots inside its disks"),
      (false, true, "external", 11, "cause: it has snapshots of its disks alone"),
      (true, true, "", 9, "cause: libvirt 9.8.0 cannot revert to the disks of a running guest alone"),
      (false, false, "external", 9, "cause: libvirt 9.8.0 cannot revert"),
    ])
  func refusals(diskOnly: Bool, isActive: Bool, present: String, version: Int, cause: String) throws {
    let there = present.isEmpty ? [] : [snapshot("old", SnapshotDefinition.Kind(rawValue: present))]
    let error = #expect(throws: NestorError.self) {
      try place(diskOnly: diskOnly, isActive: isActive, there, libvirt: version == 9 ? Version(9, 8) : Version(11, 3))
    }
    let text = error.map { "cause: \($0.cause ?? "")" } ?? ""
    #expect(text.hasPrefix(cause) && error?.code == .unsupported && error?.hint != nil, "\(text)")
    if !there.isEmpty && version == 11 { #expect(text.hasSuffix(": old")) }
  }
}
