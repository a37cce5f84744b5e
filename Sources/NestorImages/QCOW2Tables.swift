/// Goes through the tables of a qcow2 file: all that they point to lies in the file, and nothing is pointed to twice.
///
/// So a file that is cut off shows, which QEMU reads as zeros, and a small file cannot pass for a large disk by pointing to
/// the same data over and over. What is compressed may share a sector with its neighbours, so there only all of it together
/// is bounded.
struct QCOW2Tables {
  private let file: ImageFile
  private let header: QCOW2Header
  /// The clusters of the file that something points to, a bit each.
  private var taken: [UInt64]
  /// The bytes of all compressed clusters, whole sectors each, and how many there are.
  private var compressed: (bytes: UInt64, count: UInt64) = (0, 0)

  private static let offsetMask: UInt64 = 0x00ff_ffff_ffff_fe00
  private static let compressedFlag: UInt64 = 1 << 62
  /// The most that is read at once, in bytes.
  private static let piece = 1 << 20

  /// Checks the tables; throws an ``ImageRefusal``. Reads no more than the file has, and no data.
  static func check(_ file: ImageFile, _ header: QCOW2Header) throws {
    // A bit each, in memory; with clusters of the usual size this is 128 TiB.
    guard file.size / header.clusterSize < 1 << 31 else {
      throw ImageRefusal("it has too many clusters: \(file.size / header.clusterSize)")
    }
    var tables = QCOW2Tables(file: file, header: header)
    try tables.take(0, header.clusterSize, "the header")
    try tables.take(header.l1Offset, UInt64(header.l1Count) * 8, "the L1 table")
    try tables.take(
      header.refcountTableOffset, UInt64(header.refcountTableClusters) * header.clusterSize, "the refcount table")
    try tables.checkL1()
  }

  private init(file: ImageFile, header: QCOW2Header) {
    self.file = file
    self.header = header
    taken = [UInt64](repeating: 0, count: Int(file.size / header.clusterSize / 64 + 1))
  }

  private mutating func checkL1() throws {
    var offset = header.l1Offset
    var left = UInt64(header.l1Count) * 8
    while left > 0 {
      let bytes = try piece(at: offset, size: min(left, UInt64(Self.piece)), "the L1 table")
      for index in stride(from: 0, to: bytes.count, by: 8) {
        let entry = Self.number(bytes, index)
        let table = entry & Self.offsetMask
        guard table != 0 else { continue }
        guard table % header.clusterSize == 0, QCOW2Header.fits(table, header.clusterSize, in: file.size) else {
          throw QCOW2Header.outside("an L2 table", at: table)
        }
        try take(table, header.clusterSize, "an L2 table")
        try checkL2(table)
      }
      offset += UInt64(bytes.count)
      left -= UInt64(bytes.count)
    }
  }

  private mutating func checkL2(_ table: UInt64) throws {
    var offset = table
    while offset < table + header.clusterSize {
      let size = min(table + header.clusterSize - offset, UInt64(Self.piece))
      let bytes = try piece(at: offset, size: size, "an L2 table")
      for index in stride(from: 0, to: bytes.count, by: Int(header.l2EntrySize)) {
        let entry = Self.number(bytes, index)
        guard entry & Self.compressedFlag == 0 else {
          try checkCompressed(entry)
          continue
        }
        let data = entry & Self.offsetMask
        guard data != 0 else { continue }
        // The last cluster of a file need not be whole.
        guard data % header.clusterSize == 0, data < file.size else { throw QCOW2Header.outside("data", at: data) }
        try take(data, header.clusterSize, "data")
      }
      offset += size
    }
  }

  /// What is compressed shares clusters with its like, so that only its place can be checked.
  private mutating func checkCompressed(_ entry: UInt64) throws {
    let offsetBits = 62 - (UInt64(header.clusterBits) - 8)
    let start = entry & ((1 << offsetBits) - 1)
    let sectors = (entry & (Self.compressedFlag - 1)) >> offsetBits
    let end = (start & ~511) + (sectors + 1) * 512
    guard start > 0, start < file.size,
      end <= (file.size + header.clusterSize - 1) / header.clusterSize * header.clusterSize
    else { throw QCOW2Header.outside("compressed data", at: start) }
    compressed = (compressed.bytes + (sectors + 1) * 512, compressed.count + 1)
    // Each has two sectors at its ends that belong to neighbours as well.
    guard compressed.bytes <= file.size + compressed.count * 1024 else {
      throw ImageRefusal(
        "its tables are wrong: more compressed data is pointed to than the file has", hint: "fetch it anew")
    }
  }

  private mutating func take(_ offset: UInt64, _ size: UInt64, _ what: String) throws {
    var cluster = offset / header.clusterSize
    let last = (offset + max(size, 1) - 1) / header.clusterSize
    while cluster <= last {
      let word = Int(cluster / 64)
      let bit: UInt64 = 1 << (cluster % 64)
      guard word < taken.count else { throw QCOW2Header.outside(what, at: offset) }
      guard taken[word] & bit == 0 else {
        throw ImageRefusal(
          "its tables are wrong: \(what) at \(offset) lies where something else is already", hint: "fetch it anew")
      }
      taken[word] |= bit
      cluster += 1
    }
  }

  private func piece(at offset: UInt64, size: UInt64, _ what: String) throws -> [UInt8] {
    let bytes = try file.bytes(at: offset, count: Int(size))
    guard bytes.count == Int(size) else { throw QCOW2Header.outside(what, at: offset) }
    return bytes
  }

  private static func number(_ bytes: [UInt8], _ index: Int) -> UInt64 {
    bytes.withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: index, as: UInt64.self)) }
  }
}
