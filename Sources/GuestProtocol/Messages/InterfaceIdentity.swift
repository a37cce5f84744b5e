/// A network card that is to have another hardware address.
public struct InterfaceIdentity: Message {
  /// The address that the guest believes in.
  public var oldMAC = ""
  /// The address that the card has.
  public var newMAC = ""

  /// A message whose fields all have their defaults.
  public init() {}

  /// Hands each field to a coder, under its number.
  public mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &oldMAC)
    try coder.field(2, &newMAC)
  }
}
