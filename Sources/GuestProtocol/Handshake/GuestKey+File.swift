extension GuestKey {
  /// Makes a new key for a guest, of the kernel's random bytes.
  package static func random(for guest: GuestUUID) throws(ProtocolError) -> GuestKey {
    try GuestKey(Nonce.random(size), guest: guest)
  }

  /// Reads a key file: the lines `guest UUID` and `key` with 64 hexadecimal digits, in this order.
  package convenience init(file bytes: [UInt8]) throws(ProtocolError) {
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    guard lines.count == 2, let guest = Self.value(of: "guest", in: lines[0]),
      let uuid = GuestUUID(String(decoding: guest, as: UTF8.self)),
      let digits = Self.value(of: "key", in: lines[1]), let secret = Hexadecimal.bytes(digits)
    else { throw ProtocolError(.invalid, "it does not hold a line with the guest's UUID and one with its key") }
    try self.init(secret, guest: uuid)
  }

  /// The key file's bytes; they are the secret itself.
  package var file: [UInt8] {
    Array("guest \(guest)\nkey \(Hexadecimal.text(bytes))\n".utf8)
  }

  private static func value(of name: String, in line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let prefix = Array("\(name) ".utf8)
    return line.starts(with: prefix) ? line.dropFirst(prefix.count) : nil
  }
}
