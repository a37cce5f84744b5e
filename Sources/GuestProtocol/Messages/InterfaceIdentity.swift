/// A network card that is to have another hardware address.
package struct InterfaceIdentity: Message {
  /// The address that the guest believes in.
  package var oldMAC = ""
  /// The address that the card has.
  package var newMAC = ""

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &oldMAC)
    try coder.field(2, &newMAC)
  }
}
