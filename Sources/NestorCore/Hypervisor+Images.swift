import DomainXML
import Libvirt
import NestorImages
import NestorSupport

extension Hypervisor {
  /// Deletes an image that no guest was made from.
  package func deleteImage(_ name: String) async throws {
    try await withContext("cannot delete image '\(name)'") {
      try await images.delete(name) { try await requireUnused(name) }
    }
  }

  /// Throws a ``NestorError`` with code `busy` where guests were made from an image; it names them. The connection has to be
  /// to this machine's libvirt.
  package func requireUnused(_ image: String) async throws {
    // Those of another machine's libvirt say nothing of who needs a file of this one's.
    try await requireLocal("delete or replace an image")
    let users = try await withoutRenewals { try await guestsByImage([image])[image] ?? [] }
    guard users.isEmpty else {
      throw NestorError(
        .busy, "image '\(image)' is in use",
        cause: "guests were made from it: \(users.joined(separator: ", "))",
        hint: "delete them first: nestor delete \(users.joined(separator: " "))")
    }
  }

  /// Runs `body`, which asks what guests need; refuses where libvirt was made to forget one that gets another UUID.
  private func withoutRenewals<Value>(_ body: () async throws -> Value) async throws -> Value {
    await recoverAllUnlessLocked()
    func refuse() throws {
      guard let file = try state.allUnfinishedRenewals().first else { return }
      throw NestorError(
        .busy, "it cannot be told which images are needed", cause: "a guest is being renewed, as \(file) says",
        hint: "run this again when that is done; nestor list does it, or says why it cannot be done")
    }
    try refuse()
    let value = try await body()
    try refuse()
    return value
  }

  /// The names of the guests that were made from each of the images, sorted.
  package func guestsByImage(_ images: [String]) async throws -> [String: [String]] {
    let domains = try await withContext("cannot list the guests") { try await connection.domains() }
    var users: [String: [String]] = [:]
    for guest in domains.map(guest) {
      let records = try await recordsOverTime(of: guest)
      for image in images where records.contains(where: { $0.needs(image) }) {
        users[image, default: []].append(guest.name)
      }
    }
    return users.mapValues { $0.sorted() }
  }

  /// A guest's record, and those that it had at its snapshots: it may go back to a disk that it does not have now.
  private func recordsOverTime(of guest: Guest) async throws -> [GuestRecord] {
    do {
      guard let record = try await guest.record() else { return [] }
      var records = [record]
      for snapshot in try await guest.snapshots.definitions() {
        if let past = try snapshot.definition.domain?.guestRecord() { records.append(past) }
      }
      return records
    } catch {
      // A guest that was deleted since the list was made needs nothing.
      let domains = try await withContext("cannot list the guests") { try await connection.domains() }
      if !domains.contains(where: { $0.uuid == guest.uuid }) { return [] }
      throw NestorError(wrapping: error, "cannot read the snapshots of guest '\(guest.name)'")
    }
  }

  /// Parts of downloads that nobody works on, and images that were pulled, or made for linked clones, and have no guests.
  package func prunableImages() async throws -> [PrunableImage] {
    try await requireLocal("look for images that nobody needs")
    var found: [PrunableImage] = []
    let files = try withSystemContext("cannot read the downloads") { try FileTree.names(in: state.downloads) }
    // What belongs to one download has the same beginning.
    for (key, names) in Dictionary(grouping: files, by: { String($0.prefix { $0 != "." }) }).sorted(by: {
      $0.key < $1.key
    })
    where try FileLock.isFree(state.lock("download", key)) {
      let size = names.reduce(0) { $0 + (FileTree.size("\(state.downloads)/\($1)") ?? 0) }
      let address = DownloadNote("\(state.downloads)/\(key).note")?.url
      found.append(PrunableImage(kind: .download, name: address ?? key, size: size, key: key))
    }
    let candidates = try images.list().filter { $0.record.origin?.url != nil || $0.record.guest != nil }
    let users = try await withoutRenewals { try await guestsByImage(candidates.map(\.name)) }
    found += candidates.filter { users[$0.name] == nil }.map {
      PrunableImage(kind: .image, name: $0.name, size: $0.size, key: nil)
    }
    return found
  }

  /// Removes one of the things found, if nobody came to need it meanwhile.
  package func prune(_ item: PrunableImage) async throws {
    switch item.kind {
    case .image: try await deleteImage(item.name)
    case .download:
      guard let key = item.key else { return }
      try state.prepare()
      let lock = state.lock("download", key)
      try await withContext("cannot remove the download") {
        try await FileLock.holding(lock, purpose: "remove the download", timeout: .seconds(1)) {
          for name in try FileTree.names(in: state.downloads) where name.hasPrefix("\(key).") {
            try FileTree.remove("\(state.downloads)/\(name)")
          }
        }
      }
    }
  }
}
