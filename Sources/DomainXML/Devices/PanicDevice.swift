/// A device by which the guest's kernel tells that it panicked (https://libvirt.org/formatdomain.html#panic-device).
///
/// What libvirt does then is ``DomainDefinition/onCrash``. Without one a guest that panicked is "running".
public struct PanicDevice: Sendable, Equatable {
  /// What the guest sees.
  public struct Model: OpenEnum {
    /// The word as it stands in the XML.
    public let rawValue: String
    /// Takes the word as it stands in the XML.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// A port of the ISA bus, for x86; Linux's module is pvpanic-mmio.
    public static let isa = Self("isa")
    /// A PCI device, from libvirt 9.1 on; Linux's module is pvpanic-pci.
    public static let pci = Self("pvpanic")
    /// What Hyper-V offers.
    public static let hyperV = Self("hyperv")
  }

  /// What the guest sees; nil is libvirt's choice for the machine.
  public var model: Model?
  /// libvirt's name of the device.
  public var alias: String?
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes a device.
  public init(model: Model? = nil, alias: String? = nil) {
    self.model = model
    self.alias = alias
  }
}

extension PanicDevice {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    self.init(model: reader.word("model"))
    alias = try reader.childAttribute("alias", "name")
    unknown = reader.unknown
  }

  var element: XMLTree {
    var tree = XMLTree("panic")
    tree.put("model", model)
    DeviceParts.write(bootOrder: nil, alias: alias, to: &tree)
    unknown.merge(into: &tree)
    return tree
  }
}
