import DomainXML
import Libvirt
import LibvirtFailures
import NestorSupport

extension Hypervisor {
  /// The XML of a guest's next start, whole, for a user to change.
  public func xmlForEditing(of name: String) async throws -> String {
    let domain = try await domain(name)
    try refuseUnfinished(try await record(of: domain), name, to: "edit")
    guard try await explaining("cannot ask about guest '\(name)'", { try await domain.isPersistent() }) else {
      throw NestorError(.unsupported, "cannot edit guest '\(name)'", cause: "it is not defined, and gone when it stops")
    }
    return try await explaining("cannot read guest '\(name)'") { try await domain.xml([.inactive, .secure]) }
  }

  /// Defines a guest anew with XML that a user made of `original`, which is what ``xmlForEditing(of:)`` gave.
  ///
  /// Name and UUID stay. Throws a ``NestorError`` with code `invalidXML` for mistakes, before libvirt sees them where the
  /// schema shows them, and `busy` when somebody else changed the guest meanwhile.
  public func redefine(_ name: String, from original: String, as xml: String) async throws {
    let failure = "cannot define guest '\(name)' anew"
    let definition = try Self.checked(xml, failure)
    try await locking(name, to: "edit") {
      let domain = try await domain(name)
      guard definition.name == domain.name, definition.uuid?.lowercased() == domain.uuid else {
        throw NestorError(
          .invalidXML, failure, cause: "its name and UUID have to stay '\(domain.name)' and \(domain.uuid)",
          hint: "another guest is made by nestor create")
      }
      try await requireAwake(domain, failure)
      let present = try await explaining(failure) { try await domain.xml([.inactive, .secure]) }
      guard present == original else {
        throw NestorError(
          .busy, failure, cause: "somebody else changed it meanwhile", hint: "edit it again, on what it has become")
      }
      let before = try DomainDefinition(xml: original).devices.interfaces
      try await explaining(failure) { _ = try await connection.defineDomain(xml: xml, .validate) }
      if try await record(of: domain) != nil { await reserveAnew(domain, before) }
    }
  }

  /// What XML describes, if it fits libvirt's schema; where that is not installed libvirt alone decides.
  private static func checked(_ xml: String, _ failure: String) throws -> DomainDefinition {
    do {
      try (try? SchemaValidator(.domain))?.validate(xml)
      return try DomainDefinition(xml: xml)
    } catch {
      throw NestorError(.invalidXML, failure, cause: error.reason, hint: error.hint)
    }
  }
}
