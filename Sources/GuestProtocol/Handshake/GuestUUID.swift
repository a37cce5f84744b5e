/// A guest's UUID, as libvirt knows it.
package struct GuestUUID: Sendable, Hashable, CustomStringConvertible {
  /// Its sixteen bytes in the order in which they are written.
  package let bytes: [UInt8]

  /// Reads the canonical form, 36 characters; nil for anything else.
  package init?(_ text: String) {
    let characters = Array(text.utf8)
    guard characters.count == 36 else { return nil }
    var bytes: [UInt8] = []
    var digits: [UInt8] = []
    for (index, character) in characters.enumerated() {
      if [8, 13, 18, 23].contains(index) {
        guard character == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let digit = Hexadecimal.digit(character) else { return nil }
      digits.append(digit)
      if digits.count == 2 {
        bytes.append(digits[0] << 4 | digits[1])
        digits.removeAll(keepingCapacity: true)
      }
    }
    self.bytes = bytes
  }

  /// The canonical form in lower case.
  package var description: String {
    let text = Hexadecimal.text(bytes)
    var result = ""
    for (index, character) in text.enumerated() {
      if [8, 12, 16, 20].contains(index) { result += "-" }
      result.append(character)
    }
    return result
  }
}
