/// A remote display (https://libvirt.org/formatdomain.html#graphical-framebuffers).
public struct Graphics: Sendable, Equatable {
  /// The protocol: `vnc`, `spice` and others.
  public var type: String
  /// The TCP port; -1 with ``choosesPort``.
  public var port: Int?
  /// Whether libvirt chooses a port.
  public var choosesPort: Bool?
  /// The address to listen on; nil is libvirt's default, this machine alone.
  public var listenAddress: String?
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes a display.
  public init(type: String, port: Int? = nil, choosesPort: Bool? = true, listenAddress: String? = nil) {
    self.type = type
    self.port = port
    self.choosesPort = choosesPort
    self.listenAddress = listenAddress
  }

  /// VNC on a port that libvirt chooses.
  public static let vnc = Graphics(type: "vnc")
  /// SPICE on a port that libvirt chooses.
  public static let spice = Graphics(type: "spice")
}

extension Graphics {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    guard let type = reader.attribute("type") else { throw reader.missing("a type") }
    self.init(type: type, choosesPort: nil)
    port = try reader.integer("port")
    choosesPort = try reader.flag("autoport")
    listenAddress = reader.attribute("listen")
    unknown = reader.unknown
  }

  var element: XMLTree {
    var tree = XMLTree("graphics")
    tree.put("type", type)
    tree.put("port", port)
    tree.put("autoport", yes: choosesPort)
    tree.put("listen", listenAddress)
    unknown.merge(into: &tree)
    return tree
  }
}
