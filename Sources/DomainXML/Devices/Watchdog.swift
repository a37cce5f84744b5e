/// A device that acts when the guest no longer answers it (https://libvirt.org/formatdomain.html#watchdog-devices).
public struct Watchdog: Sendable, Equatable {
  /// What is done.
  public struct Action: OpenEnum {
    /// The word as it stands in the XML.
    public let rawValue: String
    /// Takes the word as it stands in the XML.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The guest is reset.
    public static let reset = Self("reset")
    /// The guest is shut down, which it likely does not answer.
    public static let shutdown = Self("shutdown")
    /// The guest is switched off.
    public static let powerOff = Self("poweroff")
    /// The guest is paused.
    public static let pause = Self("pause")
    /// Nothing.
    public static let none = Self("none")
    /// Its memory is dumped.
    public static let dump = Self("dump")
    /// It gets a non-maskable interrupt.
    public static let injectNMI = Self("inject-nmi")
  }

  /// The device that the guest sees, like `i6300esb`.
  public var model: String
  /// What is done; nil is libvirt's default, a reset.
  public var action: Action?
  /// libvirt's name of the device.
  public var alias: String?
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes a watchdog.
  public init(model: String = "i6300esb", action: Action? = nil, alias: String? = nil) {
    self.model = model
    self.action = action
    self.alias = alias
  }
}

extension Watchdog {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    guard let model = reader.attribute("model") else { throw reader.missing("a model") }
    self.init(model: model, action: reader.word("action"))
    alias = try reader.childAttribute("alias", "name")
    unknown = reader.unknown
  }

  var element: XMLTree {
    var tree = XMLTree("watchdog")
    tree.put("model", model)
    tree.put("action", action)
    DeviceParts.write(bootOrder: nil, alias: alias, to: &tree)
    unknown.merge(into: &tree)
    return tree
  }
}
