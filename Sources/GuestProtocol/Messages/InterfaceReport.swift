/// A network interface of the guest.
public struct InterfaceReport: Message {
  /// Its name.
  public var name = ""
  /// Its hardware address.
  public var mac = ""
  /// Its addresses, each with its prefix length.
  public var addresses: [String] = []
  /// Whether it is up.
  public var isUp = false

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, name)
    writer.put(2, mac)
    for element in addresses { writer.putElement(3, Array(element.utf8)) }
    writer.put(4, isUp)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: name = try field.string()
    case 2: mac = try field.string()
    case 3: addresses.append(try field.string())
    case 4: isUp = try field.bool()
    default: break
    }
  }
}
