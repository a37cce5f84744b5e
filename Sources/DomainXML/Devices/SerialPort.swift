/// A serial port of the guest (https://libvirt.org/formatdomain.html#serial-port).
public struct SerialPort: Sendable, Equatable {
  /// What it is connected to.
  ///
  /// What was read of the old source and not known is forgotten when the type changes.
  public var source: CharacterSource {
    didSet { if source.type != oldValue.type { unknown.forget("source") } }
  }
  /// A copy of the output.
  public var log: CharacterLog?
  /// The kind of port, like `isa-serial`; nil leaves it to libvirt.
  public var targetType: String?
  /// The port's number in the guest, from 0.
  public var port: Int?
  /// The device, like `isa-serial`; nil leaves it to libvirt.
  public var model: String?
  /// libvirt's name of the device.
  public var alias: String?
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes a port.
  public init(
    source: CharacterSource = .pty(), log: CharacterLog? = nil, targetType: String? = nil, port: Int? = nil,
    model: String? = nil, alias: String? = nil
  ) {
    self.source = source
    self.log = log
    self.targetType = targetType
    self.port = port
    self.model = model
    self.alias = alias
  }
}

extension SerialPort {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    self.init(source: try CharacterSource.read(&reader))
    log = try CharacterLog.read(&reader)
    try reader.child("target") { reader throws(DomainXMLError) in
      targetType = reader.attribute("type")
      port = try reader.integer("port")
      model = try reader.childAttribute("model", "name")
    }
    alias = try reader.childAttribute("alias", "name")
    unknown = reader.unknown
  }

  var element: XMLTree {
    var tree = XMLTree("serial")
    tree.put("type", source.type)
    source.write(to: &tree)
    log?.write(to: &tree)
    tree.addUnlessEmpty("target") { tree in
      tree.put("type", targetType)
      tree.put("port", port)
      if let model { tree.add("model") { $0.put("name", model) } }
    }
    DeviceParts.write(bootOrder: nil, alias: alias, to: &tree)
    unknown.merge(into: &tree)
    return tree
  }
}
