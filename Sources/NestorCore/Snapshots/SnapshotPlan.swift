import DomainXML
import FoundationEssentials
import Libvirt
import NestorSupport
import Templates

/// A snapshot that is to be taken of a guest, and how.
struct SnapshotPlan: Sendable {
  let guest: LockedGuest
  let name: String
  let place: SnapshotPlace
  /// Whether the guest runs or is paused.
  let isActive: Bool
  private let xml: String

  /// Finds out how a snapshot is taken of a guest; throws ``NestorError`` where it cannot be.
  init(_ request: SnapshotRequest, _ name: String, of guest: LockedGuest) async throws {
    try await guest.requireComplete()
    try await guest.requireAwake()
    let present = try await guest.attempt { try await guest.snapshots.definitions().map(\.definition) }
    if present.contains(where: { $0.name == name }) {
      throw NestorError(
        .exists, "guest '\(guest.name)' has a snapshot '\(name)' already",
        hint: "choose another name, or delete it: nestor snapshot delete \(guest.name) \(name)")
    }
    let definition = try await guest.attempt { try DomainDefinition(xml: try await guest.domain.xml()) }
    self.guest = guest
    self.name = name
    isActive = try await guest.guest.status().isActive
    place = try SnapshotPlace(
      for: request, of: definition, isActive: isActive, present: present,
      libvirt: try await guest.attempt { try await guest.hypervisor.connection.libvirtVersion() })
    var snapshot = SnapshotDefinition(name: name, description: request.description)
    if place == .files {
      // Beside the disk, under a name of libvirt's, where Nestor has no directory.
      let directory = try await guest.record() == nil ? nil : guest.directory
      snapshot.memory = SnapshotDefinition.Memory(kind: SnapshotDefinition.Kind.none)
      snapshot.disks = definition.devices.disks.map { disk in
        guard disk.isKept else { return SnapshotDefinition.Disk(name: disk.target, kind: SnapshotDefinition.Kind.none) }
        var overlay = SnapshotDefinition.Disk(name: disk.target, kind: .external)
        overlay.format = .qcow2
        overlay.file = directory.map { DiskFile.freePath("\($0)/\(disk.target)-\(name)") }
        return overlay
      }
    }
    xml = try snapshot.xml()
  }

  /// Takes the snapshot.
  @discardableResult
  func take() async throws -> Snapshot {
    guest.hypervisor.report(ProgressReport(guest.name, "taking snapshot '\(name)'"))
    return try await guest.attempt {
      let flags: SnapshotCreateFlags = place == .files ? [.diskOnly, .atomic] : []
      return Snapshot(guest: guest.guest, handle: try await guest.domain.createSnapshot(xml: xml, flags))
    }
  }

  /// The name that a request asks for, or the time; throws ``NestorError`` of code `invalidName` for one that none can have.
  ///
  /// Snapshots' names follow the rule for guests' names, because both end up in files and on command lines.
  static func name(_ request: SnapshotRequest) throws -> String {
    guard let name = request.name else { return timeName(Date()) }
    guard name != Snapshot.nameForClones else {
      throw NestorError(.invalidName, "a snapshot cannot be called '\(name)'", cause: "nestor clone needs the name")
    }
    do {
      return try GuestName(name).text
    } catch {
      throw NestorError(.invalidName, "a snapshot cannot have this name", cause: "\(error)")
    }
  }

  /// A time as a name: 20260131-235959, in UTC.
  static func timeName(_ date: Date) -> String {
    date.formatted(Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted))
      .replacing("T", with: "-").replacing("Z", with: "")
  }
}
