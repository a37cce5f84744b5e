/// A controller that other devices hang on (https://libvirt.org/formatdomain.html#controllers).
public struct Controller: Sendable, Equatable {
  /// The kind: `pci`, `scsi`, `sata`, `usb`, `virtio-serial`.
  public var type: String
  /// Its number among those of its kind, from 0; nil lets libvirt choose.
  public var index: Int?
  /// The device, like `virtio-scsi`, `pcie-root-port`, `none`.
  public var model: String?
  /// The number of the I/O thread that serves it, from 1; virtio-scsi only.
  public var ioThread: Int?
  /// How many queues the guest sees.
  public var queues: Int?
  /// How many ports it has; of virtio-serial, port 0 is the console's.
  public var ports: Int?
  /// libvirt's name of the device.
  public var alias: String?
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes a controller.
  public init(
    type: String, index: Int? = nil, model: String? = nil, ioThread: Int? = nil, queues: Int? = nil,
    ports: Int? = nil, alias: String? = nil
  ) {
    self.type = type
    self.index = index
    self.model = model
    self.ioThread = ioThread
    self.queues = queues
    self.ports = ports
    self.alias = alias
  }

  /// A virtio-scsi controller.
  public static func virtioSCSI(index: Int = 0, ioThread: Int? = nil, queues: Int? = nil) -> Controller {
    Controller(type: "scsi", index: index, model: "virtio-scsi", ioThread: ioThread, queues: queues)
  }
}

extension Controller {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    guard let type = reader.attribute("type") else { throw reader.missing("a type") }
    self.init(type: type)
    index = try reader.integer("index")
    model = reader.attribute("model")
    ports = try reader.integer("ports")
    try reader.child("driver") { reader throws(DomainXMLError) in
      ioThread = try reader.integer("iothread")
      queues = try reader.integer("queues")
    }
    alias = try reader.childAttribute("alias", "name")
    unknown = reader.unknown
  }

  var element: XMLTree {
    var tree = XMLTree("controller")
    tree.put("type", type)
    tree.put("index", index)
    tree.put("model", model)
    tree.put("ports", ports)
    tree.addUnlessEmpty("driver") { tree in
      tree.put("queues", queues)
      tree.put("iothread", ioThread)
    }
    DeviceParts.write(bootOrder: nil, alias: alias, to: &tree)
    unknown.merge(into: &tree)
    return tree
  }
}
