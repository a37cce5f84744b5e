/// Strings that the guest's firmware shows in its SMBIOS tables; they take effect with
/// ``OperatingSystem/smbiosMode`` `sysinfo` (https://libvirt.org/formatdomain.html#smbios-system-information).
public struct SMBIOSInformation: Sendable, Equatable {
  /// A named string of a table.
  public struct Entry: Sendable, Equatable {
    /// The name, like `serial`.
    public var name: String
    /// The string.
    public var value: String
    /// What was read and is not known here.
    public var unknown = UnknownXML()

    /// Makes one.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The firmware's own strings (type 0): `vendor`, `version`, `date`, `release`.
  public var bios: [Entry]
  /// The system's strings (type 1): `manufacturer`, `product`, `version`, `serial`, `uuid`, `sku`, `family`.
  public var system: [Entry]
  /// Free strings (type 11), systemd's credentials among them: `io.systemd.credential:NAME=VALUE`.
  public var oemStrings: [String]
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes a set.
  public init(bios: [Entry] = [], system: [Entry] = [], oemStrings: [String] = []) {
    self.bios = bios
    self.system = system
    self.oemStrings = oemStrings
  }
}

extension SMBIOSInformation {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    self.init()
    _ = reader.attribute("type")
    bios = try Self.entries("bios", of: &reader)
    system = try Self.entries("system", of: &reader)
    oemStrings =
      try reader.child("oemStrings") { reader throws(DomainXMLError) in
        try reader.values("entry", where: { $0.attributes.isEmpty && $0.elements.isEmpty }) { reader in reader.text() }
      } ?? []
    unknown = reader.unknown
  }

  private static func entries(_ table: String, of reader: inout XMLReader) throws(DomainXMLError) -> [Entry] {
    try reader.child(table) { reader throws(DomainXMLError) in
      try reader.values("entry") { reader throws(DomainXMLError) in
        guard let name = reader.attribute("name") else { throw reader.missing("a name") }
        var entry = Entry(name, reader.text())
        entry.unknown = reader.unknown
        return entry
      }
    } ?? []
  }

  func write(to tree: inout XMLTree) {
    tree.put("type", "smbios")
    for (name, entries) in [("bios", bios), ("system", system)] where !entries.isEmpty {
      tree.add(name) { tree in
        for entry in entries {
          var element = XMLTree("entry", text: entry.value, attributes: [XMLTree.Attribute("name", entry.name)])
          entry.unknown.merge(into: &element)
          tree.add(element)
        }
      }
    }
    if !oemStrings.isEmpty {
      tree.add("oemStrings") { tree in
        for string in oemStrings { tree.add("entry", text: string) }
      }
    }
    unknown.merge(into: &tree)
  }
}
