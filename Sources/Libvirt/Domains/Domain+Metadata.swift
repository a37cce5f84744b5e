import CLibvirt

extension Domain {
  /// The metadata element of a namespace; nil where the domain has none.
  public func metadata(namespace: String, scope: ModificationScope = .current) async throws -> String? {
    try await call { domain in
      let kind = Int32(bitPattern: VIR_DOMAIN_METADATA_ELEMENT.rawValue)
      do {
        return try Calls.string(
          "virDomainGetMetadata", virDomainGetMetadata(domain, kind, namespace, scope.rawValue))
      } catch let error as LibvirtError where error.code == .noDomainMetadata {
        return nil
      }
    }
  }

  /// Sets the metadata element of a namespace, or takes it away with nil. `prefix` is what libvirt writes it with.
  public func setMetadata(
    _ xml: String?, prefix: String, namespace: String, scope: ModificationScope = .current
  ) async throws {
    _ = try await call { domain in
      let kind = Int32(bitPattern: VIR_DOMAIN_METADATA_ELEMENT.rawValue)
      return try Calls.check(
        "virDomainSetMetadata", virDomainSetMetadata(domain, kind, xml, prefix, namespace, scope.rawValue))
    }
  }

  /// The title: one line for people; nil where the domain has none.
  public func title(scope: ModificationScope = .current) async throws -> String? {
    try await text(VIR_DOMAIN_METADATA_TITLE, scope)
  }

  /// Sets the title, without line breaks, or takes it away with nil.
  public func setTitle(_ title: String?, scope: ModificationScope = .current) async throws {
    try await setText(VIR_DOMAIN_METADATA_TITLE, title, scope)
  }

  /// The description for people; nil where the domain has none.
  public func description(scope: ModificationScope = .current) async throws -> String? {
    try await text(VIR_DOMAIN_METADATA_DESCRIPTION, scope)
  }

  /// Sets the description, or takes it away with nil.
  public func setDescription(_ description: String?, scope: ModificationScope = .current) async throws {
    try await setText(VIR_DOMAIN_METADATA_DESCRIPTION, description, scope)
  }

  /// Gives another name to a domain that is off; answers with the object of that name.
  public func rename(to name: String) async throws -> Domain {
    _ = try await call { try Calls.check("virDomainRename", virDomainRename($0, name, 0)) }
    // libvirt's object keeps the old name.
    return try await connection.domain(uuid: uuid)
  }

  private func text(_ kind: virDomainMetadataType, _ scope: ModificationScope) async throws -> String? {
    try await call { domain in
      do {
        return try Calls.string(
          "virDomainGetMetadata",
          virDomainGetMetadata(domain, Int32(bitPattern: kind.rawValue), nil, scope.rawValue))
      } catch let error as LibvirtError where error.code == .noDomainMetadata {
        return nil
      }
    }
  }

  private func setText(
    _ kind: virDomainMetadataType, _ text: String?, _ scope: ModificationScope
  ) async throws {
    _ = try await call {
      try Calls.check(
        "virDomainSetMetadata",
        virDomainSetMetadata($0, Int32(bitPattern: kind.rawValue), text, nil, nil, scope.rawValue))
    }
  }
}
