import Libvirt
import NestorSupport

extension Orchestrator {
  /// Deletes an image that no guest was made from.
  public func deleteImage(_ name: String) async throws {
    let image = try images.image(name)
    try await explaining("cannot delete image '\(name)'") {
      try await images.delete(image) { try await requireUnused(name) }
    }
  }

  /// Throws a ``NestorError`` with code `busy` where guests were made from an image; it names them.
  public func requireUnused(_ image: String) async throws {
    let users = try await guestsByImage([image])[image] ?? []
    guard users.isEmpty else {
      throw NestorError(
        .busy, "image '\(image)' is in use",
        cause: "guests were made from it: \(users.joined(separator: ", "))",
        hint: "delete them first: nestor delete \(users.joined(separator: " "))")
    }
  }

  /// The names of the guests that were made from each of the images, sorted.
  private func guestsByImage(_ images: [String]) async throws -> [String: [String]] {
    let domains = try await explaining("cannot list the guests") { try await connection.domains() }
    var users: [String: [String]] = [:]
    for domain in domains {
      guard let record = try await record(of: domain) else { continue }
      for image in images where record.needs(image) { users[image, default: []].append(domain.name) }
    }
    return users.mapValues { $0.sorted() }
  }

  /// Parts of downloads that nobody works on, and images that were pulled and that no guest was made from.
  public func prunableImages() async throws -> [PrunableImage] {
    try await requireLocal("look for images that nobody needs")
    var found: [PrunableImage] = []
    let files = try explainingSystem("cannot read the downloads") { try FileTree.names(in: state.downloads) }
    // What belongs to one download has the same beginning.
    for (key, names) in Dictionary(grouping: files, by: { String($0.prefix { $0 != "." }) }).sorted(by: {
      $0.key < $1.key
    })
    where try FileLock.isFree(state.lock("download", key)) {
      let size = names.reduce(0) { $0 + (FileTree.size("\(state.downloads)/\($1)") ?? 0) }
      let address = DownloadNote("\(state.downloads)/\(key).note")?.url
      found.append(PrunableImage(kind: .download, name: address ?? key, size: size, key: key))
    }
    let pulled = try images.list().filter { $0.record.origin?.url != nil }
    let users = try await guestsByImage(pulled.map(\.name))
    found += pulled.filter { users[$0.name] == nil }.map {
      PrunableImage(kind: .image, name: $0.name, size: $0.size, key: nil)
    }
    return found
  }

  /// Removes one of the things found, if nobody came to need it meanwhile.
  public func prune(_ item: PrunableImage) async throws {
    switch item.kind {
    case .image: try await deleteImage(item.name)
    case .download:
      guard let key = item.key else { return }
      try state.prepare()
      let lock = state.lock("download", key)
      try await explaining("cannot remove the download") {
        try await FileLock.holding(lock, purpose: "remove the download", seconds: 1) {
          for name in try FileTree.names(in: state.downloads) where name.hasPrefix("\(key).") {
            try FileTree.remove("\(state.downloads)/\(name)")
          }
        }
      }
    }
  }

  private func explainingSystem<Value>(_ message: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as SystemError {
      throw error.explained(message)
    }
  }
}
