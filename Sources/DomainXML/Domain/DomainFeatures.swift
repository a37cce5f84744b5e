/// Features of the hypervisor that a guest sees (https://libvirt.org/formatdomain.html#hypervisor-features).
public struct DomainFeatures: Sendable, Equatable {
  /// Power management; also what a clean shutdown asks for.
  public var acpi: Bool
  /// Programmable interrupt controllers.
  public var apic: Bool
  /// Physical address extension, for 32-bit guests.
  public var pae: Bool
  /// System management mode, which secure boot needs; nil leaves it to libvirt.
  public var smm: Bool?
  /// A device in which the guest's kernel leaves notes for those who analyse its crash; nil leaves it to libvirt.
  public var vmCoreInfo: Bool?
  /// Emulation of VMware's I/O port; nil leaves it to libvirt.
  public var vmPort: Bool?
  /// A virtual performance monitoring unit; nil leaves it to libvirt.
  public var pmu: Bool?
  /// What was read and is not known here, `<hyperv>` for example.
  public var unknown = UnknownXML()

  /// Makes a set.
  public init(
    acpi: Bool = true, apic: Bool = true, pae: Bool = false, smm: Bool? = nil, vmCoreInfo: Bool? = nil,
    vmPort: Bool? = nil, pmu: Bool? = nil
  ) {
    self.acpi = acpi
    self.apic = apic
    self.pae = pae
    self.smm = smm
    self.vmCoreInfo = vmCoreInfo
    self.vmPort = vmPort
    self.pmu = pmu
  }

  /// None at all.
  public static let none = DomainFeatures(acpi: false, apic: false)
}

extension DomainFeatures {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    self.init()
    acpi = try reader.child("acpi") { _ in } != nil
    apic = try reader.child("apic") { _ in } != nil
    pae = try reader.child("pae") { _ in } != nil
    smm = try Self.state("smm", of: &reader)
    vmCoreInfo = try Self.state("vmcoreinfo", of: &reader)
    vmPort = try Self.state("vmport", of: &reader)
    pmu = try Self.state("pmu", of: &reader)
    unknown = reader.unknown
  }

  /// libvirt takes an element without a state as switched on.
  private static func state(_ name: String, of reader: inout XMLReader) throws(DomainXMLError) -> Bool? {
    try reader.child(name) { reader throws(DomainXMLError) in try reader.flag("state") ?? true }
  }

  func write(to tree: inout XMLTree) {
    if acpi { tree.add(XMLTree("acpi")) }
    if apic { tree.add(XMLTree("apic")) }
    if pae { tree.add(XMLTree("pae")) }
    for (name, state) in [("smm", smm), ("vmcoreinfo", vmCoreInfo), ("vmport", vmPort), ("pmu", pmu)] {
      if let state { tree.add(name) { $0.put("state", on: state) } }
    }
    unknown.merge(into: &tree)
  }
}
