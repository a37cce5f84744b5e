internal import CSodium
import GuestProtocol

/// The SHA-256 of bytes that come piece by piece, see https://doc.libsodium.org/advanced/sha-2_hash_function.
struct SHA256 {
  private var state = crypto_hash_sha256_state()

  init() { crypto_hash_sha256_init(&state) }

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.bindMemory(to: UInt8.self).baseAddress else { return }
    crypto_hash_sha256_update(&state, base, UInt64(bytes.count))
  }

  /// The checksum in hexadecimal digits, of which nothing can be added to any more.
  consuming func digits() -> String {
    var sum = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
    crypto_hash_sha256_final(&state, &sum)
    return Hexadecimal.text(sum)
  }
}
