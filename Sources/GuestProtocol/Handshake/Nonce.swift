internal import CSodium

/// Random bytes that are used once.
enum Nonce {
  /// The number of bytes of a handshake's nonce.
  static let size = 32

  /// Bytes from the kernel's random number generator.
  static func random(_ count: Int = Nonce.size) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    // randombytes asks getrandom(2) for every byte and needs no sodium_init, see libsodium's page "Generating random data".
    randombytes_buf(&bytes, bytes.count)
    return bytes
  }
}
