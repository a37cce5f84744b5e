import CLibvirt

extension Connection {
  /// The domain XML of a hypervisor's own configuration, see
  /// https://libvirt.org/html/libvirt-libvirt-domain.html#virConnectDomainXMLFromNative.
  ///
  /// Of the formats of other drivers, such as `xen-xl` or `lxc-tools`; the QEMU driver no longer reads any.
  public func domainXML(fromNative configuration: String, format: String) async throws -> String {
    try await call {
      try Calls.string(
        "virConnectDomainXMLFromNative", virConnectDomainXMLFromNative($0, format, configuration, 0))
    }
  }

  /// A domain's XML as the hypervisor's own configuration; with format `qemu-argv` the command line of QEMU.
  ///
  /// See https://libvirt.org/html/libvirt-libvirt-domain.html#virConnectDomainXMLToNative.
  public func nativeConfiguration(ofDomainXML xml: String, format: String = "qemu-argv") async throws -> String {
    try await call {
      try Calls.string("virConnectDomainXMLToNative", virConnectDomainXMLToNative($0, format, xml, 0))
    }
  }

  /// The host's SMBIOS tables as XML, where it has any.
  public func systemInformation() async throws -> String {
    try await call { try Calls.string("virConnectGetSysinfo", virConnectGetSysinfo($0, 0)) }
  }

  /// Whether the way to the daemon is encrypted.
  public func isEncrypted() async throws -> Bool {
    try await call { try Calls.check("virConnectIsEncrypted", virConnectIsEncrypted($0)) == 1 }
  }

  /// Whether nobody can listen on the way to the daemon: it is encrypted or does not leave the host.
  public func isSecure() async throws -> Bool {
    try await call { try Calls.check("virConnectIsSecure", virConnectIsSecure($0)) == 1 }
  }
}
