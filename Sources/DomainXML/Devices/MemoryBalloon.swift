/// The device by which the host asks the guest for memory (https://libvirt.org/formatdomain.html#memory-balloon-device).
public struct MemoryBalloon: Sendable, Equatable {
  /// The device that the guest sees: `virtio`, or `none` for no such device (libvirt adds one otherwise).
  public var model: String
  /// How often the guest tells of its memory, in seconds; nil for never.
  public var statsPeriod: Int?
  /// Whether the guest gets memory back rather than run out of it.
  public var autoDeflates: Bool?
  /// Whether the guest tells of pages that it does not use.
  public var reportsFreePages: Bool?
  /// libvirt's name of the device.
  public var alias: String?
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes a balloon.
  public init(
    model: String = "virtio", statsPeriod: Int? = nil, autoDeflates: Bool? = nil, reportsFreePages: Bool? = nil,
    alias: String? = nil
  ) {
    self.model = model
    self.statsPeriod = statsPeriod
    self.autoDeflates = autoDeflates
    self.reportsFreePages = reportsFreePages
    self.alias = alias
  }

  /// No balloon.
  public static let none = MemoryBalloon(model: "none")
}

extension MemoryBalloon {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    guard let model = reader.attribute("model") else { throw reader.missing("a model") }
    self.init(model: model)
    autoDeflates = try reader.flag("autodeflate")
    reportsFreePages = try reader.flag("freePageReporting")
    if let period = try reader.childAttribute("stats", "period") {
      statsPeriod = try reader.number(period, at: "/stats/@period")
    }
    alias = try reader.childAttribute("alias", "name")
    unknown = reader.unknown
  }

  var element: XMLTree {
    var tree = XMLTree("memballoon")
    tree.put("model", model)
    tree.put("autodeflate", on: autoDeflates)
    tree.put("freePageReporting", on: reportsFreePages)
    if let statsPeriod { tree.add("stats") { $0.put("period", statsPeriod) } }
    DeviceParts.write(bootOrder: nil, alias: alias, to: &tree)
    unknown.merge(into: &tree)
    return tree
  }
}
