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
}
