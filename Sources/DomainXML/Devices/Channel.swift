/// A channel between guest and host, a named virtio-serial port (https://libvirt.org/formatdomain.html#channel).
public struct Channel: Sendable, Equatable {
  /// What it is connected to.
  ///
  /// What was read of the old source and not known is forgotten when the type changes.
  public var source: CharacterSource {
    didSet { if source.type != oldValue.type { unknown.forget("source") } }
  }
  /// A copy of the output.
  public var log: CharacterLog?
  /// The kind of channel.
  public var targetType: String?
  /// The port's name in the guest, as in /dev/virtio-ports.
  public var name: String?
  /// `connected` or `disconnected`, for running guests.
  public var state: String?
  /// libvirt's name of the device.
  public var alias: String?
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes a channel.
  public init(
    source: CharacterSource = .unix(path: nil), log: CharacterLog? = nil, targetType: String? = "virtio",
    name: String? = nil, state: String? = nil, alias: String? = nil
  ) {
    self.source = source
    self.log = log
    self.targetType = targetType
    self.name = name
    self.state = state
    self.alias = alias
  }

  /// The name that QEMU's guest agent listens on.
  public static let guestAgentName = "org.qemu.guest_agent.0"

  /// The channel of QEMU's guest agent; libvirt chooses the socket.
  public static let guestAgent = Channel(name: guestAgentName)
}

extension Channel {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    self.init(source: try CharacterSource.read(&reader), targetType: nil)
    log = try CharacterLog.read(&reader)
    try reader.child("target") { reader throws(DomainXMLError) in
      targetType = reader.attribute("type")
      name = reader.attribute("name")
      state = reader.attribute("state")
    }
    alias = try reader.childAttribute("alias", "name")
    unknown = reader.unknown
  }

  var element: XMLTree {
    var tree = XMLTree("channel")
    tree.put("type", source.type)
    source.write(to: &tree)
    log?.write(to: &tree)
    tree.addUnlessEmpty("target") { tree in
      tree.put("type", targetType)
      tree.put("name", name)
      tree.put("state", state)
    }
    DeviceParts.write(bootOrder: nil, alias: alias, to: &tree)
    unknown.merge(into: &tree)
    return tree
  }
}
