/// The guest's console; the first one of the type `serial` is the first serial port by another name
/// (https://libvirt.org/formatdomain.html#console).
public struct Console: Sendable, Equatable {
  /// What it is connected to.
  ///
  /// What was read of the old source and not known is forgotten when the type changes.
  public var source: CharacterSource {
    didSet { if source.type != oldValue.type { unknown.forget("source") } }
  }
  /// A copy of the output.
  public var log: CharacterLog?
  /// `serial` or `virtio`; nil leaves it to libvirt.
  public var targetType: String?
  /// The port's number in the guest, from 0.
  public var port: Int?
  /// libvirt's name of the device.
  public var alias: String?
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes a console.
  public init(
    source: CharacterSource = .pty(), log: CharacterLog? = nil, targetType: String? = "serial", port: Int? = nil,
    alias: String? = nil
  ) {
    self.source = source
    self.log = log
    self.targetType = targetType
    self.port = port
    self.alias = alias
  }
}

extension Console {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    self.init(source: try CharacterSource.read(&reader), targetType: nil)
    log = try CharacterLog.read(&reader)
    try reader.child("target") { reader throws(DomainXMLError) in
      targetType = reader.attribute("type")
      port = try reader.integer("port")
    }
    alias = try reader.childAttribute("alias", "name")
    unknown = reader.unknown
  }

  var element: XMLTree {
    var tree = XMLTree("console")
    tree.put("type", source.type)
    source.write(to: &tree)
    log?.write(to: &tree)
    tree.addUnlessEmpty("target") { tree in
      tree.put("type", targetType)
      tree.put("port", port)
    }
    DeviceParts.write(bootOrder: nil, alias: alias, to: &tree)
    unknown.merge(into: &tree)
    return tree
  }
}
