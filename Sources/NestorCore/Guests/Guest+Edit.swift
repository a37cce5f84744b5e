import DomainXML
import Libvirt
import NestorSupport

extension Guest {
  /// The XML of its next start, whole, for a user to change.
  package func xmlForEditing() async throws -> String {
    try await record()?.requireComplete(name, to: "edit")
    guard try await isPersistent() else {
      throw NestorError(.unsupported, "cannot edit guest '\(name)'", cause: "it is not defined, and gone when it stops")
    }
    return try await withContext("cannot read guest '\(name)'") { try await domain.xml(Self.whole) }
  }

  /// Defines it again with XML that a user made of `original`, which is what ``xmlForEditing()`` returned.
  ///
  /// Name and UUID stay. Throws ``NestorError`` of code `invalidXML` for mistakes, before libvirt sees them where the schema
  /// shows them, and `busy` when somebody else changed the guest meanwhile.
  package func redefine(from original: String, as xml: String) async throws {
    let definition = try Self.checked(xml, "cannot edit guest '\(name)'")
    try await withLock(to: "edit") { guest in
      guard definition.name == name, definition.uuid?.lowercased() == uuid else {
        throw guest.error(
          .invalidXML, "its name and UUID have to stay '\(name)' and \(uuid)",
          hint: "another guest is made by nestor create")
      }
      try await guest.requireAwake()
      guard try await guest.attempt({ try await domain.xml(Self.whole) }) == original else {
        throw guest.error(
          .busy, "somebody else changed it meanwhile", hint: "edit it again, on what it has become")
      }
      let before = try DomainDefinition(xml: original).devices.interfaces
      try await guest.attempt { _ = try await hypervisor.connection.defineDomain(xml: xml, .validate) }
      if try await guest.record() != nil { await guest.reserveAddressesAgain(before) }
    }
  }

  private static let whole: DomainXMLFlags = [.inactive, .secure]

  /// What XML describes, if it fits libvirt's schema; where that is not installed libvirt alone decides.
  private static func checked(_ xml: String, _ failure: String) throws -> DomainDefinition {
    do {
      try DomainSchema.validator?.validate(xml)
      return try DomainDefinition(xml: xml)
    } catch {
      throw NestorError(.invalidXML, failure, cause: error.reason, hint: error.hint)
    }
  }
}
