import Foundation
import Libvirt
import LibvirtTestSupport
import Testing

@Suite("Secret, by a real libvirtd", .privateLibvirtd)
struct SecretTests {
  private func description(_ id: String, isPrivate: Bool = false) -> String {
    """
    <secret ephemeral='yes' private='\(isPrivate ? "yes" : "no")'><uuid>\(id)</uuid>\
    <usage type='volume'><volume>/volume/\(id)</volume></usage></secret>
    """
  }

  @Test("a secret is defined, found, given a value and taken away")
  func life() async throws {
    let connection = try await Connection.open(PrivateLibvirtd.shared.uri)
    let id = UUID().uuidString.lowercased()
    let secret = try await connection.defineSecret(xml: description(id), validate: true)
    #expect(secret.uuid == id)
    #expect(secret.usage == .volume)
    #expect(secret.usageID == "/volume/\(id)")
    #expect(try await connection.secret(uuid: id).usageID == secret.usageID)
    #expect(try await connection.secret(usage: .volume, id: secret.usageID).uuid == id)
    #expect(try await connection.secrets([.ephemeral, .notPrivate]).map(\.uuid).contains(id))
    #expect(try await connection.secrets(.isPrivate).map(\.uuid).contains(id) == false)
    #expect(try await secret.xml().contains(id))
    let early = await #expect(throws: LibvirtError.self) { try await secret.value() }
    #expect(early?.code == .noSecret)
    // A value is bytes, not text.
    let value: [UInt8] = [0, 1, 255, 10, 0]
    try await secret.setValue(value)
    #expect(try await secret.value() == value)
    let empty = await #expect(throws: LibvirtError.self) { try await secret.setValue([]) }
    #expect(empty?.code == .invalidArgument)
    #expect(try await secret.value() == value)
    try await secret.undefine()
    let gone = await #expect(throws: LibvirtError.self) { try await connection.secret(uuid: id) }
    #expect(gone?.code == .noSecret)
  }

  @Test("a private secret keeps its value to itself")
  func privacy() async throws {
    let connection = try await Connection.open(PrivateLibvirtd.shared.uri)
    let secret = try await connection.defineSecret(
      xml: description(UUID().uuidString.lowercased(), isPrivate: true))
    try await secret.setValue([1, 2, 3])
    let error = await #expect(throws: LibvirtError.self) { try await secret.value() }
    #expect(error?.code == .secretInvalid)
    try await secret.undefine()
  }

  @Test("definitions and values are told as they change")
  func events() async throws {
    let connection = try await Connection.open(PrivateLibvirtd.shared.uri)
    let events = try await connection.secretEvents()
    let id = UUID().uuidString.lowercased()
    let secret = try await connection.defineSecret(xml: description(id))
    let changes = try await connection.secretValueChanges(secret: secret)
    try await secret.setValue([9])
    try await secret.undefine()
    var kinds: [SecretEvent.Kind] = []
    for try await event in events where event.secret.uuid == id {
      kinds.append(event.kind)
      if kinds.count == 2 { break }
    }
    #expect(kinds == [.defined, .undefined])
    var iterator = changes.makeAsyncIterator()
    let change = try #require(try await iterator.next())
    #expect(change.kind == .valueChanged)
    #expect(change.secret.uuid == id)
  }
}
