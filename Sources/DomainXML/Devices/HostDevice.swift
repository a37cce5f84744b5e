/// A device of the host handed to the guest (https://libvirt.org/formatdomain.html#host-device-assignment).
public struct HostDevice: Sendable, Equatable {
  /// The address of a PCI function.
  public struct PCIAddress: Sendable, Hashable, CustomStringConvertible {
    /// The domain, 0 on most machines.
    public var domain: UInt32
    /// The bus.
    public var bus: UInt8
    /// The slot, 0 to 31.
    public var slot: UInt8
    /// The function, 0 to 7.
    public var function: UInt8

    /// Makes an address; slot and function are cut to their 5 and 3 bits.
    public init(domain: UInt32 = 0, bus: UInt8, slot: UInt8, function: UInt8) {
      self.domain = domain
      self.bus = bus
      self.slot = slot & 0x1F
      self.function = function & 0x7
    }

    /// Reads an address as Linux writes it, like `0000:03:00.1`; nil when it is not one.
    public init?(_ text: String) {
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2 || parts.count == 3, let last = parts.last else { return nil }
      let tail = last.split(separator: ".", omittingEmptySubsequences: false)
      guard tail.count == 2, let slot = UInt8(tail[0], radix: 16), slot < 32,
        let function = UInt8(tail[1], radix: 16), function < 8,
        let bus = UInt8(parts[parts.count - 2], radix: 16),
        let domain = parts.count == 3 ? UInt32(parts[0], radix: 16) : 0
      else { return nil }
      self.init(domain: domain, bus: bus, slot: slot, function: function)
    }

    /// The address as Linux writes it.
    public var description: String {
      "\(Self.hex(domain, 4)):\(Self.hex(UInt32(bus), 2)):\(Self.hex(UInt32(slot), 2)).\(function)"
    }

    static func hex(_ value: UInt32, _ digits: Int) -> String {
      let text = String(value, radix: 16)
      return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
  }

  /// Which device.
  public enum Source: Sendable, Equatable {
    /// A PCI function, through VFIO.
    case pci(PCIAddress)
    /// A target of the kernel's vhost-scsi, by its name like `naa.5123456789abcde0`.
    case vhostSCSI(wwpn: String)
    /// Another type; its `<source>` stays in the device's unknown XML.
    case other(type: String)
  }

  /// Which device.
  ///
  /// What was read of the old source and not known is forgotten when the type changes.
  public var source: Source {
    didSet { if source.type != oldValue.type { unknown.forget("source") } }
  }
  /// Whether libvirt takes the device from its driver and gives it back. In an unprivileged container it cannot:
  /// the host binds it to vfio-pci beforehand, and this is false.
  public var isManaged: Bool?
  /// The place in the boot order, from 1.
  public var bootOrder: Int?
  /// libvirt's name of the device.
  public var alias: String?
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes one.
  public init(source: Source, isManaged: Bool? = false, bootOrder: Int? = nil, alias: String? = nil) {
    self.source = source
    self.isManaged = isManaged
    self.bootOrder = bootOrder
    self.alias = alias
  }
}

extension HostDevice.Source {
  var type: String {
    switch self {
    case .pci: "pci"
    case .vhostSCSI: "scsi_host"
    case .other(let type): type
    }
  }
}

extension HostDevice {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    // `subsystem` is what is written; anything else stays as it is.
    if reader.peek("mode") == "subsystem" { _ = reader.attribute("mode") }
    let source: Source
    switch (reader.peek("mode"), reader.attribute("type")) {
    case (nil, "pci"?): source = .pci(try Self.pciAddress(&reader))
    case (nil, "scsi_host"?):
      let wwpn = try reader.child("source") { reader in
        _ = reader.attribute("protocol")
        return reader.attribute("wwpn")
      }
      guard let wwpn = wwpn ?? nil else { throw reader.missing("a source wwpn") }
      source = .vhostSCSI(wwpn: wwpn)
    case (_, let type?): source = .other(type: type)
    case (_, nil): throw reader.missing("a type")
    }
    self.init(source: source, isManaged: try reader.flag("managed"))
    bootOrder = try DeviceParts.bootOrder(&reader)
    alias = try reader.childAttribute("alias", "name")
    unknown = reader.unknown
  }

  private static func pciAddress(_ reader: inout XMLReader) throws(DomainXMLError) -> PCIAddress {
    let address = try reader.child("source") { reader throws(DomainXMLError) in
      try reader.child("address") { reader throws(DomainXMLError) in
        let domain = try part("domain", upTo: UInt32.max, &reader) ?? 0
        let bus = try part("bus", upTo: 0xFF, &reader)
        let slot = try part("slot", upTo: 0x1F, &reader)
        let function = try part("function", upTo: 7, &reader) ?? 0
        guard let bus, let slot else { throw reader.missing("a bus and a slot") }
        return PCIAddress(
          domain: domain, bus: UInt8(truncatingIfNeeded: bus), slot: UInt8(truncatingIfNeeded: slot),
          function: UInt8(truncatingIfNeeded: function))
      }
    }
    guard let address = address ?? nil else { throw reader.missing("a source address") }
    return address
  }

  private static func part(
    _ name: String, upTo most: UInt32, _ reader: inout XMLReader
  ) throws(DomainXMLError) -> UInt32? {
    guard let text = reader.attribute(name) else { return nil }
    let value = text.hasPrefix("0x") ? UInt32(text.dropFirst(2), radix: 16) : UInt32(text)
    guard let value, value <= most else {
      throw reader.invalid(text, at: "/@" + name, expected: "a number up to 0x\(String(most, radix: 16))")
    }
    return value
  }

  var element: XMLTree {
    var tree = XMLTree("hostdev")
    if !unknown.attributes.contains(where: { $0.name == "mode" }) { tree.put("mode", "subsystem") }
    switch source {
    case .pci(let address):
      tree.put("type", "pci")
      tree.put("managed", yes: isManaged)
      tree.add("source") { tree in
        tree.add("address") { tree in
          tree.put("domain", "0x" + PCIAddress.hex(address.domain, 4))
          tree.put("bus", "0x" + PCIAddress.hex(UInt32(address.bus), 2))
          tree.put("slot", "0x" + PCIAddress.hex(UInt32(address.slot), 2))
          tree.put("function", "0x" + String(address.function, radix: 16))
        }
      }
    case .vhostSCSI(let wwpn):
      tree.put("type", "scsi_host")
      tree.put("managed", yes: isManaged)
      tree.add("source") { tree in
        tree.put("protocol", "vhost")
        tree.put("wwpn", wwpn)
      }
    case .other(let type):
      tree.put("type", type)
      tree.put("managed", yes: isManaged)
    }
    DeviceParts.write(bootOrder: bootOrder, alias: alias, to: &tree)
    unknown.merge(into: &tree)
    return tree
  }
}
