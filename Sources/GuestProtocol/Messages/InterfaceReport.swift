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

  /// Hands each field to a coder, under its number.
  public mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &name)
    try coder.field(2, &mac)
    try coder.field(3, &addresses)
    try coder.field(4, &isUp)
  }
}
