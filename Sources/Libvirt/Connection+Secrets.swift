import CLibvirt

extension Connection {
  /// The secrets that the filter lets through, in no order.
  public func secrets(_ filter: SecretFilter = []) async throws -> [Secret] {
    try await call { connection in
      try Calls.list("virConnectListAllSecrets", { virConnectListAllSecrets(connection, $0, filter.rawValue) }) {
        try Secret(taking: $0, self)
      }
    }
  }

  /// The secret of a UUID in its usual form; an error with code ``ErrorCode/noSecret`` where there is none.
  public func secret(uuid: String) async throws -> Secret {
    try await call { connection in
      try Secret(
        taking: try Calls.check("virSecretLookupByUUIDString", virSecretLookupByUUIDString(connection, uuid)), self)
    }
  }

  /// The secret for a use.
  public func secret(usage: SecretUsage, id: String) async throws -> Secret {
    try await call { connection in
      try Secret(
        taking: try Calls.check("virSecretLookupByUsage", virSecretLookupByUsage(connection, usage.number, id)), self)
    }
  }

  /// Defines a secret, or redefines the one of the same UUID; the value is set by ``Secret/setValue(_:)``.
  ///
  /// `validate` checks the XML against libvirt's schema, see https://libvirt.org/formatsecret.html.
  public func defineSecret(xml: String, validate: Bool = false) async throws -> Secret {
    let flags = validate ? UInt32(VIR_SECRET_DEFINE_VALIDATE.rawValue) : 0
    return try await call { connection in
      try Secret(taking: try Calls.check("virSecretDefineXML", virSecretDefineXML(connection, xml, flags)), self)
    }
  }
}
