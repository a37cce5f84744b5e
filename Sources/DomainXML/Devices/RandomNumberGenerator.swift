/// A source of entropy for the guest (https://libvirt.org/formatdomain.html#random-number-generator-device).
public struct RandomNumberGenerator: Sendable, Equatable {
  /// The device that the guest sees, `virtio`.
  public var model: String
  /// What it draws from: `random` (a device file), `builtin` or `egd`.
  public var backend: String?
  /// The device file of `random`.
  public var path: String?
  /// How many bytes the guest may take in a period; nil for no limit.
  public var rateBytes: Int?
  /// The period, in milliseconds; nil is QEMU's default.
  public var ratePeriod: Int?
  /// libvirt's name of the device.
  public var alias: String?
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes a source.
  public init(
    model: String = "virtio", backend: String? = "random", path: String? = "/dev/urandom", rateBytes: Int? = nil,
    ratePeriod: Int? = nil, alias: String? = nil
  ) {
    self.model = model
    self.backend = backend
    self.path = path
    self.rateBytes = rateBytes
    self.ratePeriod = ratePeriod
    self.alias = alias
  }
}

extension RandomNumberGenerator {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    guard let model = reader.attribute("model") else { throw reader.missing("a model") }
    self.init(model: model, backend: nil, path: nil)
    try reader.child("rate") { reader throws(DomainXMLError) in
      rateBytes = try reader.integer("bytes")
      ratePeriod = try reader.integer("period")
    }
    try reader.child("backend") { reader in
      backend = reader.attribute("model")
      let path = reader.text()
      self.path = XMLText.isBlank(path) ? nil : path
    }
    alias = try reader.childAttribute("alias", "name")
    unknown = reader.unknown
  }

  var element: XMLTree {
    var tree = XMLTree("rng")
    tree.put("model", model)
    tree.addUnlessEmpty("rate") { tree in
      tree.put("bytes", rateBytes)
      tree.put("period", ratePeriod)
    }
    if backend != nil || path != nil {
      tree.add("backend") { tree in
        tree.put("model", backend)
        if let path { tree.children.append(.text(path)) }
      }
    }
    DeviceParts.write(bootOrder: nil, alias: alias, to: &tree)
    unknown.merge(into: &tree)
    return tree
  }
}
