/// A video card (https://libvirt.org/formatdomain.html#video-devices).
public struct Video: Sendable, Equatable {
  /// The card: `virtio`, `vga`, `qxl`, `bochs`, or `none` for none even beside a display.
  public var model: String?
  /// Its memory in KiB; nil is libvirt's default.
  public var vram: Int?
  /// How many screens it has.
  public var heads: Int?
  /// libvirt's name of the device.
  public var alias: String?
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes a card.
  public init(model: String? = "virtio", vram: Int? = nil, heads: Int? = nil, alias: String? = nil) {
    self.model = model
    self.vram = vram
    self.heads = heads
    self.alias = alias
  }
}

extension Video {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    self.init(model: nil)
    try reader.child("model") { reader throws(DomainXMLError) in
      model = reader.attribute("type")
      vram = try reader.integer("vram")
      heads = try reader.integer("heads")
    }
    alias = try reader.childAttribute("alias", "name")
    unknown = reader.unknown
  }

  var element: XMLTree {
    var tree = XMLTree("video")
    tree.addUnlessEmpty("model") { tree in
      tree.put("type", model)
      tree.put("vram", vram)
      tree.put("heads", heads)
    }
    DeviceParts.write(bootOrder: nil, alias: alias, to: &tree)
    unknown.merge(into: &tree)
    return tree
  }
}
