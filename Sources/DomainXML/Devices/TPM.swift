/// A trusted platform module (https://libvirt.org/formatdomain.html#tpm-device).
public struct TPM: Sendable, Equatable {
  /// The device that the guest sees: `tpm-crb` or `tpm-tis`.
  public var model: String?
  /// What stands behind it: `emulator` (swtpm) or `passthrough`.
  public var backend: String
  /// The version that the emulator has: `2.0` or `1.2`.
  public var version: String?
  /// Whether the emulator's state outlives an undefined or transient domain.
  public var isStatePersistent: Bool?
  /// libvirt's name of the device.
  public var alias: String?
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes a module, emulated unless said otherwise.
  public init(
    model: String? = "tpm-crb", backend: String = "emulator", version: String? = "2.0",
    isStatePersistent: Bool? = nil, alias: String? = nil
  ) {
    self.model = model
    self.backend = backend
    self.version = version
    self.isStatePersistent = isStatePersistent
    self.alias = alias
  }
}

extension TPM {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    let model = reader.attribute("model")
    let backend = try reader.child("backend") { reader throws(DomainXMLError) in
      (reader.attribute("type"), reader.attribute("version"), try reader.flag("persistent_state"))
    }
    guard let backend, let type = backend.0 else { throw reader.missing("a backend with a type") }
    self.init(model: model, backend: type, version: backend.1, isStatePersistent: backend.2)
    alias = try reader.childAttribute("alias", "name")
    unknown = reader.unknown
  }

  var element: XMLTree {
    var tree = XMLTree("tpm")
    tree.put("model", model)
    tree.add("backend") { tree in
      tree.put("type", backend)
      tree.put("version", version)
      tree.put("persistent_state", yes: isStatePersistent)
    }
    DeviceParts.write(bootOrder: nil, alias: alias, to: &tree)
    unknown.merge(into: &tree)
    return tree
  }
}
