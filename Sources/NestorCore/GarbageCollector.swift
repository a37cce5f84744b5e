import Libvirt
import NestorSupport

/// Finds what programs that were killed left behind, and removes it.
package struct GarbageCollector: Sendable {
  /// A thing that nobody needs any more.
  package struct Leftover: Sendable, Equatable, Codable {
    package enum Kind: String, Sendable, Codable {
      /// A guest that was never made whole.
      case incompleteGuest = "incomplete guest"
      /// A guest that was being deleted.
      case deletingGuest = "half deleted guest"
      /// The files of a guest that libvirt does not know.
      case files
      /// The file of a disk that neither its guest nor a snapshot of that has any more.
      case disk
      /// An image that was being made or deleted.
      case image
      /// The lock of a program that is gone.
      case lock
      /// An address that is kept for a NIC which no guest has.
      case reservation
    }

    package var kind: Kind
    /// Its name or path.
    package var name: String
  }

  private let hypervisor: Hypervisor
  private var state: StateDirectory { hypervisor.state }

  /// A collector for the guests of a connection and the files of its state folder.
  package init(_ hypervisor: Hypervisor) {
    self.hypervisor = hypervisor
  }

  /// What could be removed. A guest on which another Nestor works right now is not among it.
  package func find() async throws -> [Leftover] {
    try await requireQEMU()
    await hypervisor.recoverAllUnlessLocked()
    var found: [Leftover] = []
    // Files first, guests after: a guest that is being made is defined before it has files.
    let folders = try FileTree.names(in: state.guests)
    let domains = try await withContext("cannot list the guests") { try await hypervisor.connection.domains() }
    for domain in domains {
      let guest = hypervisor.guest(domain)
      guard let record = try? await guest.record() else { continue }
      let own: [Leftover]
      switch record.stage {
      case .deleting: own = [Leftover(kind: .deletingGuest, name: domain.name)]
      case .incomplete: own = [Leftover(kind: .incompleteGuest, name: domain.name)]
      // One that went meanwhile has none.
      case .complete: own = ((try? await guest.unusedDisks()) ?? []).map { Leftover(kind: .disk, name: $0) }
      }
      guard !own.isEmpty, try isFree(state.lock("guest", domain.name)) else { continue }
      found += own
    }
    let known = Set(domains.map(\.uuid))
    // libvirt may have been made to forget one for a moment; a note that cannot be read may be about any of them.
    let renewals = try state.allUnfinishedRenewals().map(UnfinishedRenewal.read)
    let renewed = Set(renewals.compactMap(\.self).flatMap { [$0.old, $0.new] })
    let lost = renewals.contains(nil) ? [] : folders.filter { !known.contains($0) && !renewed.contains($0) }
    found += lost.map { Leftover(kind: .files, name: state.guest($0)) }
    for path in try state.renewalsBeingNoted() where try isFree(state.lockOfRenewal(path)) {
      found.append(Leftover(kind: .files, name: path))
    }
    for path in try hypervisor.images.leftovers() {
      guard let image = Self.image(of: path) else { continue }
      if try isFree(state.lock("image", image)) { found.append(Leftover(kind: .image, name: path)) }
    }
    for lock in try FileTree.names(in: state.locks).map({ "\(state.locks)/\($0)" }) where FileTree.exists(lock) {
      if try isFree(lock, keepingFile: true) { found.append(Leftover(kind: .lock, name: lock)) }
    }
    if renewals.isEmpty {
      found += try await hypervisor.orphanedReservations().map {
        Leftover(kind: .reservation, name: "\($0.network)/\($0.mac)")
      }
    }
    return found
  }

  /// Only the libvirt that runs the guests can say which files are theirs.
  private func requireQEMU() async throws {
    try await hypervisor.requireLocal("look for leftovers")
    let uri = try await withContext("cannot ask libvirt for its URI") { try await hypervisor.connection.uri() }
    guard uri.hasPrefix("qemu"), !uri.contains("/embed") else {
      throw NestorError(
        .unsupported, "cannot look for leftovers over \(uri)",
        cause: "the guests whose files lie here are those of QEMU's own libvirt",
        hint: "leave out --connect and "
          + "LIBVIRT_DEFAULT_URI, or name qemu:///system")
    }
  }

  /// Removes one of the things found, if that is still what it is.
  package func remove(_ leftover: Leftover) async throws {
    switch leftover.kind {
    case .incompleteGuest, .deletingGuest:
      try await hypervisor.lockingNames([leftover.name], to: "clean up", timeout: .seconds(5)) {
        // Somebody else may have cleared it away.
        guard let domain = try? await hypervisor.connection.domain(named: leftover.name) else { return }
        let guest = hypervisor.held(domain, to: "clean up")
        guard let record = try await guest.record(), record.stage != .complete else { return }
        try await guest.delete(force: true)
      }
    case .files:
      let uuid = FileTree.lastComponent(of: leftover.name)
      let domains = try await withContext("cannot list the guests") { try await hypervisor.connection.domains() }
      guard !domains.contains(where: { $0.uuid == uuid }) else { return }
      try await hypervisor.releaseOrphans(ofGuest: uuid)
      try removeFiles(leftover.name)
    case .disk:
      let uuid = FileTree.lastComponent(of: FileTree.parent(of: leftover.name))
      guard let domain = try? await hypervisor.connection.domain(uuid: uuid) else { return }
      try await hypervisor.guest(domain).withLock(to: "clean up", timeout: .seconds(5)) { guest in
        try await guest.removeUnusedDisks(among: [leftover.name])
      }
    case .image:
      guard let image = Self.image(of: leftover.name) else { return }
      try await withContext("cannot clean up image '\(image)'") {
        try await FileLock.holding(
          state.lock("image", image), purpose: "clean up image '\(image)'", timeout: .seconds(5)
        ) {
          try removeFiles(leftover.name)
        }
      }
    case .reservation:
      let parts = leftover.name.split(separator: "/").map(String.init)
      for orphan in try await hypervisor.orphanedReservations() where parts == [orphan.network, orphan.mac] {
        try await hypervisor.release(orphan)
      }
    case .lock:
      _ = try isFree(leftover.name)
    }
  }

  /// The image whose leftover lies in a folder: its name is behind `.new-` or `.gone-`.
  private static func image(of path: String) -> String? {
    guard let dash = path.lastIndex(of: "/").flatMap({ path[$0...].firstIndex(of: "-") }) else { return nil }
    return String(path[path.index(after: dash)...])
  }

  private func removeFiles(_ path: String) throws {
    try withSystemContext("cannot remove \(path)") { try FileTree.remove(path) }
  }

  /// Whether nobody holds a lock; taking it for that moment removes the file of a holder that was killed.
  private func isFree(_ path: String, keepingFile: Bool = false) throws -> Bool {
    guard FileTree.exists(path) else { return true }
    if keepingFile { return try FileLock.isFree(path) }
    return try FileLock.tryAcquire(path) != nil
  }
}
