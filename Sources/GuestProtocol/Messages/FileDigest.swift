internal import CSodium

/// The checksum of a file as it travelled; not a defence against an attacker, who would have to know the key in order
/// to be in between, but against every mistake in between.
///
/// SipHash-2-4 with a result of 128 bits, chained: the sum of a piece is the key for the next one, the first key is
/// zero. A piece is the payload of one ``FrameType/data`` frame that is not empty, or of one ``FrameType/hole`` frame.
/// https://doc.libsodium.org/hashing/short-input_hashing
package struct FileDigest: Sendable, Equatable {
  /// The number of bytes of a checksum.
  package static let size = 16

  // Two numbers, not an array: a piece is added for every frame, and must not ask for memory.
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  /// Begins a file.
  package init() {}

  /// The checksum so far.
  package var bytes: [UInt8] {
    withUnsafeBytes(of: low) { Array($0) } + withUnsafeBytes(of: high) { Array($0) }
  }

  package mutating func add(_ piece: UnsafeRawBufferPointer) {
    guard let base = piece.bindMemory(to: UInt8.self).baseAddress, !piece.isEmpty else { return }
    var sum = (0 as UInt64, 0 as UInt64)
    var key = (low, high)
    withUnsafeMutableBytes(of: &sum) { sum in
      withUnsafeBytes(of: &key) { key in
        guard let sum = sum.bindMemory(to: UInt8.self).baseAddress,
          let key = key.bindMemory(to: UInt8.self).baseAddress
        else { return }
        crypto_shorthash_siphashx24(sum, base, UInt64(piece.count), key)
      }
    }
    (low, high) = sum
  }

  /// Adds a hole of so many bytes.
  package mutating func addHole(_ length: UInt64) {
    withUnsafeBytes(of: length.littleEndian) { add($0) }
  }
}
