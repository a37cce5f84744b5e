internal import CSodium

/// The checksum of a file's bytes as they travelled, holes left out; not a defence against an attacker, who would
/// have to
/// know the key in order to be in between, but against every mistake in between.
///
/// SipHash-2-4 with a result of 128 bits, chained: the sum of a piece is the key for the next one, the first key is
/// zero. A
/// piece is the payload of one ``FrameType/data`` frame that is not empty. https://doc.libsodium.org/hashing/short-
/// input_hashing
public struct FileDigest: Sendable, Equatable {
  /// The number of bytes of a checksum.
  public static let size = 16

  /// The checksum so far.
  public private(set) var bytes = [UInt8](repeating: 0, count: FileDigest.size)

  /// Begins a file.
  public init() {}

  /// Adds a piece.
  public mutating func add(_ piece: UnsafeRawBufferPointer) {
    var sum = [UInt8](repeating: 0, count: Self.size)
    guard let base = piece.bindMemory(to: UInt8.self).baseAddress, !piece.isEmpty else { return }
    crypto_shorthash_siphashx24(&sum, base, UInt64(piece.count), bytes)
    bytes = sum
  }
}
