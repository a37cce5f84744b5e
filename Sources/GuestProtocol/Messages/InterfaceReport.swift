/// A network interface of the guest.
package struct InterfaceReport: Message {
  package var name = ""
  /// Its hardware address.
  package var mac = ""
  /// Its addresses, each with its prefix length.
  package var addresses: [String] = []
  /// Whether it is up.
  package var isUp = false

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &name)
    try coder.field(2, &mac)
    try coder.field(3, &addresses)
    try coder.field(4, &isUp)
  }
}
