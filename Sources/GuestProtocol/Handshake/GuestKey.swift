internal import CSodium

/// The secret that a guest's agent and its clients share.
///
/// It has no description and its bytes are wiped when it goes, so that it does not get into logs and core dumps by
/// accident. Safe on any thread: nothing changes after `init`.
package final class GuestKey: Sendable {
  /// The number of bytes of a key.
  package static let size = 32

  /// The number of bytes of a proof.
  package static let proofSize = 32

  /// The guest that the key belongs to; part of every proof.
  package let guest: GuestUUID
  // Safe: written once in init and wiped in deinit, when nobody else has a reference.
  nonisolated(unsafe) private let secret: UnsafeMutablePointer<UInt8>

  /// Takes a guest's key; throws ``ProtocolError/Code/invalid`` unless it has ``size`` bytes.
  package init(_ bytes: [UInt8], guest: GuestUUID) throws(ProtocolError) {
    guard bytes.count == Self.size else {
      throw ProtocolError(.invalid, "a guest's key has \(Self.size) bytes, not \(bytes.count)")
    }
    self.guest = guest
    secret = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.size)
    secret.initialize(from: bytes, count: Self.size)
  }

  deinit {
    sodium_memzero(secret, Self.size)
    secret.deallocate()
  }

  /// The secret itself.
  var bytes: [UInt8] { Array(UnsafeBufferPointer(start: secret, count: Self.size)) }

  /// HMAC-SHA-256 with this key over a purpose, the guest's UUID and the parts, one after another.
  func authenticate(_ purpose: String, _ parts: [[UInt8]]) -> [UInt8] {
    var state = crypto_auth_hmacsha256_state()
    var proof = [UInt8](repeating: 0, count: Self.proofSize)
    crypto_auth_hmacsha256_init(&state, secret, Self.size)
    // The purpose ends with a byte that it cannot hold, the UUID has a fixed length, and each packet begins with its own.
    for part in [Array(purpose.utf8), [0], guest.bytes] + parts {
      crypto_auth_hmacsha256_update(&state, part, UInt64(part.count))
    }
    crypto_auth_hmacsha256_final(&state, &proof)
    sodium_memzero(&state, MemoryLayout.size(ofValue: state))
    return proof
  }

  /// Whether a proof is the one expected; takes as long for a nearly right one as for any other.
  static func equals(_ proof: [UInt8], _ expected: [UInt8]) -> Bool {
    proof.count == expected.count && sodium_memcmp(proof, expected, expected.count) == 0
  }
}
