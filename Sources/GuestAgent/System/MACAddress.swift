/// The hardware address of a network card.
struct MACAddress: Equatable, Sendable, CustomStringConvertible {
  let bytes: [UInt8]

  /// Reads six pairs of hexadecimal digits between colons; nil for anything else, and for what no card may have: groups'
  /// addresses and the one that is all zeros.
  init?(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    let bytes = parts.compactMap { part in
      part.count == 2 && part.first != UInt8(ascii: "+") ? UInt8(String(decoding: part, as: UTF8.self), radix: 16) : nil
    }
    guard parts.count == 6, bytes.count == 6, bytes[0] & 1 == 0, bytes.contains(where: { $0 != 0 }) else { return nil }
    self.bytes = bytes
  }

  var description: String {
    var text = ""
    for byte in bytes {
      let digits = String(byte, radix: 16)
      text += (text.isEmpty ? "" : ":") + (digits.utf8.count == 1 ? "0" : "") + digits
    }
    return text
  }
}
