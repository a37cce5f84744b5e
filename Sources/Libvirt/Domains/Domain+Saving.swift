import CLibvirt

extension Domain {
  /// Saves the memory to a file on the daemon's host and ends the domain; ``Connection/restore(from:xml:_:)`` wakes it.
  ///
  /// `xml` replaces the definition that the file gets, within the bounds of what a guest cannot see. See
  /// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainSaveFlags.
  public func save(to path: String, xml: String? = nil, _ flags: SaveFlags = []) async throws {
    _ = try await call { try Calls.check("virDomainSaveFlags", virDomainSaveFlags($0, path, xml, flags.rawValue)) }
  }

  /// Writes the guest's memory to a file on the daemon's host.
  ///
  /// The domain goes on afterwards unless the flags say otherwise. The kdump formats need
  /// ``CoreDumpFlags/memoryOnly``. See
  /// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainCoreDumpWithFormat.
  public func coreDump(to path: String, format: CoreDumpFormat = .raw, _ flags: CoreDumpFlags = []) async throws {
    _ = try await call { domain in
      if format == .raw {
        return try Calls.check("virDomainCoreDump", virDomainCoreDump(domain, path, flags.rawValue))
      }
      return try Calls.check(
        "virDomainCoreDumpWithFormat", virDomainCoreDumpWithFormat(domain, path, format.rawValue, flags.rawValue))
    }
  }

  /// The XML that a managed save will be woken with; with passwords where `secure` is set.
  public func managedSaveXML(secure: Bool = false) async throws -> String {
    let flags = secure ? UInt32(VIR_DOMAIN_SAVE_IMAGE_XML_SECURE.rawValue) : 0
    return try await call {
      try Calls.string("virDomainManagedSaveGetXMLDesc", virDomainManagedSaveGetXMLDesc($0, flags))
    }
  }

  /// Replaces the XML that a managed save will be woken with, within the bounds of what a guest cannot see. Of the flags
  /// ``SaveFlags/running`` and ``SaveFlags/paused`` mean something.
  public func setManagedSaveXML(_ xml: String, _ flags: SaveFlags = []) async throws {
    _ = try await call {
      try Calls.check("virDomainManagedSaveDefineXML", virDomainManagedSaveDefineXML($0, xml, flags.rawValue))
    }
  }
}

extension Connection {
  /// Wakes a domain from a file that ``Domain/save(to:xml:_:)`` wrote.
  ///
  /// `xml` replaces the definition in the file, within the bounds of what a guest cannot see. libvirt does not say which
  /// domain it was; ``savedXML(in:secure:)`` does. See
  /// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainRestoreFlags.
  public func restore(from path: String, xml: String? = nil, _ flags: SaveFlags = []) async throws {
    _ = try await call {
      try Calls.check("virDomainRestoreFlags", virDomainRestoreFlags($0, path, xml, flags.rawValue))
    }
  }

  /// The XML in a file that ``Domain/save(to:xml:_:)`` wrote; with passwords where `secure` is set.
  public func savedXML(in path: String, secure: Bool = false) async throws -> String {
    let flags = secure ? UInt32(VIR_DOMAIN_SAVE_IMAGE_XML_SECURE.rawValue) : 0
    return try await call {
      try Calls.string("virDomainSaveImageGetXMLDesc", virDomainSaveImageGetXMLDesc($0, path, flags))
    }
  }

  /// Replaces the XML in a file that ``Domain/save(to:xml:_:)`` wrote, within the bounds of what a guest cannot see. Of
  /// the flags ``SaveFlags/running`` and ``SaveFlags/paused`` mean something.
  public func setSavedXML(_ xml: String, in path: String, _ flags: SaveFlags = []) async throws {
    _ = try await call {
      try Calls.check("virDomainSaveImageDefineXML", virDomainSaveImageDefineXML($0, path, xml, flags.rawValue))
    }
  }
}
