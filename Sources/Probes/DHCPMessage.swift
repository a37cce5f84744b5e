/// The two messages of DHCP that ask for an address without taking it, as whole Ethernet frames, see RFC 2131.
enum DHCPMessage {
  private static let cookie: [UInt8] = [0x63, 0x82, 0x53, 0x63]
  private static let ethernetSize = 14
  /// Bytes of a message before its options.
  private static let fixedSize = 240

  /// The frame by which a client looks for servers. The answer is asked for as a broadcast.
  static func discover(from hardwareAddress: [UInt8], transaction: UInt32) -> [UInt8] {
    var message: [UInt8] = [1, 1, 6, 0]
    message += bigEndian(transaction)
    message += [0, 0, 0x80, 0]
    message += [UInt8](repeating: 0, count: 16)
    message += hardwareAddress.prefix(6)
    message += [UInt8](repeating: 0, count: fixedSize - cookie.count - message.count)
    message += cookie
    // A discovery; the mask, router and name servers are wanted; end.
    message += [53, 1, 1, 55, 3, 1, 3, 6, 255]
    // Old servers drop what is shorter than a BOOTP message.
    message += [UInt8](repeating: 0, count: 300 - message.count)

    var datagram: [UInt8] = bigEndian(UInt16(68)) + bigEndian(UInt16(67)) + bigEndian(UInt16(message.count + 8))
    // No checksum, as UDP over IPv4 allows.
    datagram += [0, 0]
    datagram += message

    var header: [UInt8] = [0x45, 0] + bigEndian(UInt16(datagram.count + 20))
    header += [0, 0, 0, 0, 64, 17, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255]
    let sum = checksum(header)
    header[10] = UInt8(sum >> 8)
    header[11] = UInt8(sum & 0xff)

    return [UInt8](repeating: 0xff, count: 6) + hardwareAddress.prefix(6) + [8, 0] + header + datagram
  }

  /// The offer in a frame, where it is one and answers the transaction.
  static func offer(in frame: some Collection<UInt8>, transaction: UInt32) -> DHCPOffer? {
    let bytes = Array(frame)
    guard bytes.count > ethernetSize + 20, bytes[12] == 8, bytes[13] == 0, bytes[14] >> 4 == 4 else { return nil }
    let headerSize = Int(bytes[14] & 0xf) * 4
    let start = ethernetSize + headerSize + 8
    guard headerSize >= 20, bytes.count >= start + fixedSize, bytes[23] == 17 else { return nil }
    let datagram = bytes[(ethernetSize + headerSize)...]
    guard Array(datagram.prefix(4)) == bigEndian(UInt16(67)) + bigEndian(UInt16(68)) else { return nil }
    let message = Array(bytes[start...])
    guard message[0] == 2, Array(message[4..<8]) == bigEndian(transaction),
      Array(message[236..<240]) == cookie
    else { return nil }
    let options = options(message[fixedSize...])
    guard options[53] == [2] else { return nil }
    let server = options[54].flatMap { $0.count == 4 ? $0 : nil } ?? Array(bytes[26..<30])
    return DHCPOffer(address: dotted(message[16..<20]), server: dotted(server))
  }

  private static func options(_ bytes: ArraySlice<UInt8>) -> [UInt8: [UInt8]] {
    var options: [UInt8: [UInt8]] = [:]
    var rest = bytes
    while let code = rest.popFirst(), code != 255 {
      if code == 0 { continue }
      guard let length = rest.popFirst(), rest.count >= length else { return options }
      options[code] = Array(rest.prefix(Int(length)))
      rest = rest.dropFirst(Int(length))
    }
    return options
  }

  private static func dotted(_ bytes: some Sequence<UInt8>) -> String { bytes.map { "\($0)" }.joined(separator: ".") }

  private static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }

  /// The one's complement sum of an even number of bytes, see RFC 1071.
  private static func checksum(_ bytes: [UInt8]) -> UInt16 {
    var sum: UInt32 = 0
    for index in stride(from: 0, to: bytes.count - 1, by: 2) {
      sum += UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1])
    }
    while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
    return ~UInt16(sum)
  }
}
