import DomainXML
import Libvirt
import LibvirtFailures
import NestorSupport
import Templates

extension Hypervisor {
  /// The domain of a name or, where it looks like one, of a UUID; work on it in whose middle a program was killed is ended
  /// before.
  func domain(_ name: String) async throws -> Domain {
    let domain = try await find(name)
    await guest(domain).recoverUnlessLocked()
    return domain
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
      throw NestorError(explaining: error, "cannot look up guest '\(name)'")
    }
  }

  /// Nestor's record of a domain; nil where Nestor did not make it.
  func record(of domain: Domain) async throws -> GuestRecord? {
    let xml = try await explaining("cannot read the record of guest '\(domain.name)'") {
      try await domain.metadata(namespace: GuestRecord.namespace, scope: .current)
    }
    return xml.flatMap { GuestRecord(xml: $0) }
  }

  /// Writes Nestor's record of a domain, for now and for later starts.
  func write(_ record: GuestRecord, to domain: Domain) async throws {
    try await explaining("cannot write the record of guest '\(domain.name)'") {
      let xml = try record.bareTree().serialized()
      let set: (ModificationScope) async throws -> Void = { scope in
        try await domain.setMetadata(
          xml, prefix: GuestRecord.prefix, namespace: GuestRecord.namespace, scope: scope)
      }
      do {
        try await set(try await domain.isActive() ? .liveAndConfig : .config)
      } catch let error as LibvirtError where error.code == .operationInvalid {
        // It may have ended after it was asked.
        guard try await !domain.isActive() else { throw error }
        try await set(.config)
      }
    }
  }

  /// Refuses work on a guest that another program left half made or half deleted.
  func refuseUnfinished(_ record: GuestRecord?, _ name: String, to purpose: String) throws {
    guard let record, record.stage != .complete else { return }
    let what = record.stage == .incomplete ? "made" : "deleted"
    throw NestorError(
      .invalidState, "cannot \(purpose) guest '\(name)': it is only half \(what)",
      cause: "the program that \(what) it was ended before it was through",
      hint: "nestor delete \(name), or nestor gc --yes for all of them")
  }

  private static func looksLikeUUID(_ text: String) -> Bool {
    text.utf8.count == 36 && text.allSatisfy { $0.isHexDigit || $0 == "-" }
  }
}
