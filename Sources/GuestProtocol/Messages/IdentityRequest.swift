/// What a guest that is a copy of another is to become.
public struct IdentityRequest: Message {
  /// The new host name; empty leaves it.
  public var hostname = ""
  /// Gives it a new /etc/machine-id.
  public var resetsMachineID = false
  /// Random bytes for the kernel's generator, at most 512.
  public var seed: [UInt8] = []
  /// Takes each card's own MAC address and a new DHCP lease.
  public var renewsNetwork = false
  /// Makes new SSH host keys.
  public var resetsHostKeys = false
  /// The hardware addresses that the cards are to have.
  public var interfaces: [InterfaceIdentity] = []
  /// The key file that the agent is to have from then on, with the copy's own UUID and key; empty leaves it.
  public var keyFile: [UInt8] = []

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, hostname)
    writer.put(2, resetsMachineID)
    writer.put(3, seed)
    writer.put(4, renewsNetwork)
    writer.put(5, resetsHostKeys)
    for element in interfaces { writer.putElement(6, element.encoded) }
    writer.put(7, keyFile)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: hostname = try field.string()
    case 2: resetsMachineID = try field.bool()
    case 3: seed = try field.bytes()
    case 4: renewsNetwork = try field.bool()
    case 5: resetsHostKeys = try field.bool()
    case 6: interfaces.append(try InterfaceIdentity(decoding: try field.bytes()))
    case 7: keyFile = try field.bytes()
    default: break
    }
  }
}
