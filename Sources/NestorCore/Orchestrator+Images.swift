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
    let domains = try await explaining("cannot list the guests") { try await connection.domains() }
    var users: [String] = []
    for domain in domains where try await record(of: domain)?.needs(image) == true { users.append(domain.name) }
    guard users.isEmpty else {
      throw NestorError(
        .busy, "image '\(image)' is in use",
        cause: "guests were made from it: \(users.sorted().joined(separator: ", "))",
        hint: "delete them first: nestor delete \(users.sorted().joined(separator: " "))")
    }
  }
}
