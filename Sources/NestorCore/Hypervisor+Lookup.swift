import Libvirt
import NestorSupport

extension Hypervisor {
  /// The guest of a name or, where it looks like one, of a UUID; one that is just being made is waited for. Work on it in
  /// whose middle a program was killed is ended before.
  ///
  /// Throws ``NestorError`` of code `notFound` where there is none.
  package func guest(_ name: String) async throws -> Guest {
    do {
      return try await recovered(name)
    } catch let error as NestorError where error.code == .notFound {
      // Whoever holds the lock of a name that no guest has makes one, or has just been through with it; that of a program
      // which was killed goes once it is let go of.
      let lock = state.lock("guest", name)
      guard FileTree.exists(lock) else { return try await recovered(name) }
      return try await FileLock.holding(lock, purpose: "find guest '\(name)'", timeout: .seconds(120)) {
        try await recovered(name)
      }
    }
  }

  /// The guests of these names, each once, see ``guest(_:)``.
  package func guests(_ names: [String]) async throws -> [Guest] {
    var guests: [Guest] = []
    for name in names {
      let guest = try await guest(name)
      if !guests.contains(where: { $0.uuid == guest.uuid }) { guests.append(guest) }
    }
    return guests
  }

  /// The guest that a domain of this connection is.
  func guest(_ domain: Domain) -> Guest { Guest(hypervisor: self, domain: domain) }

  private func recovered(_ name: String) async throws -> Guest {
    await endRenewalUnlessLocked(of: name)
    let guest = guest(try await find(name))
    await guest.recoverUnlessLocked()
    return guest
  }

  /// The domain of a name; nil where there is none.
  func domain(named name: String) async throws -> Domain? {
    try await Self.unlessMissing { try await connection.domain(named: name) }
  }

  /// The domain of a UUID; nil where there is none.
  func domain(uuid: String) async throws -> Domain? {
    try await Self.unlessMissing { try await connection.domain(uuid: uuid) }
  }

  private static func unlessMissing(_ lookUp: () async throws -> Domain) async throws -> Domain? {
    do {
      return try await lookUp()
    } catch let error as LibvirtError where error.code == .noDomain {
      return nil
    }
  }

  private func find(_ name: String) async throws -> Domain {
    guard !name.isEmpty, name.utf8.count <= 255, !name.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
      throw NestorError(
        .invalidName, "'\(name.debugDescription)' cannot be a guest's name",
        cause: name.isEmpty ? "it is empty" : "it is too long or holds control characters")
    }
    do {
      return try await connection.domain(named: name)
    } catch let error as LibvirtError where error.code == .noDomain {
      if Self.looksLikeUUID(name), let domain = try? await connection.domain(uuid: name) { return domain }
      let names = ((try? await connection.domains()) ?? []).map(\.name)
      throw NestorError(
        .notFound, "there is no guest '\(name)'",
        hint: NearestName.suggestion(for: name, among: names) ?? "see all guests: nestor list")
    } catch {
      throw NestorError(wrapping: error, "cannot look up guest '\(name)'")
    }
  }

  private static func looksLikeUUID(_ text: String) -> Bool {
    text.utf8.count == 36 && text.allSatisfy { $0.isHexDigit || $0 == "-" }
  }
}
