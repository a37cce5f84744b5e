/// What a guest that is a copy of another is to become.
package struct IdentityRequest: Message {
  /// The new host name; empty leaves it.
  package var hostname = ""
  /// Gives it a new /etc/machine-id.
  package var resetsMachineID = false
  /// Random bytes for the kernel's generator, at most 512.
  package var seed: [UInt8] = []
  /// Takes each card's own MAC address and a new DHCP lease.
  package var renewsNetwork = false
  /// Makes new SSH host keys.
  package var resetsHostKeys = false
  /// The hardware addresses that the cards are to have.
  package var interfaces: [InterfaceIdentity] = []
  /// The key file that the agent is to have from then on, with the copy's own UUID and key; empty leaves it.
  package var keyFile: [UInt8] = []

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &hostname)
    try coder.field(2, &resetsMachineID)
    try coder.field(3, &seed)
    try coder.field(4, &renewsNetwork)
    try coder.field(5, &resetsHostKeys)
    try coder.field(6, &interfaces)
    try coder.field(7, &keyFile)
  }
}
