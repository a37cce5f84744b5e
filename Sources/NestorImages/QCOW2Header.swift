/// The header of a qcow2 file, read with distrust: what it says is in range, and it names no other file.
///
/// https://www.qemu.org/docs/master/interop/qcow2.html; the bounds are those of QEMU's own reader.
package struct QCOW2Header: Equatable {
  package static let magic: [UInt8] = [0x51, 0x46, 0x49, 0xfb]

  /// The most bytes that a header can need: the largest cluster.
  static let largestSize = 1 << 21

  /// The size of the disk in bytes, as a guest sees it.
  package let virtualSize: UInt64
  let clusterBits: UInt32
  let l1Offset: UInt64
  let l1Count: UInt32
  let refcountTableOffset: UInt64
  let refcountTableClusters: UInt32
  let hasExtendedL2: Bool

  var clusterSize: UInt64 { 1 << UInt64(clusterBits) }
  /// The number of bytes of an entry of an L2 table.
  var l2EntrySize: UInt64 { hasExtendedL2 ? 16 : 8 }

  /// The most entries of an L1 table, 32 MiB of them.
  private static let mostL1Entries = UInt64(32 << 20) / 8
  /// The largest refcount table in bytes.
  private static let largestRefcountTable: UInt64 = 8 << 20

  private enum Feature {
    static let dirty: UInt64 = 1 << 0
    static let corrupt: UInt64 = 1 << 1
    static let externalData: UInt64 = 1 << 2
    static let compressionType: UInt64 = 1 << 3
    static let extendedL2: UInt64 = 1 << 4
    static let known: UInt64 = (1 << 5) - 1
  }

  /// Reads and checks a header from the first bytes of a file, of which ``largestSize`` suffice.
  ///
  /// Throws an ``ImageRefusal``. `maxSize` bounds the disk's size in bytes.
  init(_ bytes: [UInt8], fileSize: UInt64, maxSize: UInt64) throws {
    let reader = BigEndianReader(bytes)
    guard bytes.starts(with: Self.magic) else { throw ImageRefusal("it has no qcow2 header") }
    let version = try reader.number(UInt32.self, at: 4)
    guard (2...3).contains(version) else {
      throw ImageRefusal("it is qcow in version \(version); only 2 and 3 are taken")
    }
    try Self.refuseBackingFile(reader)
    clusterBits = try reader.number(UInt32.self, at: 20)
    guard (9...21).contains(clusterBits) else {
      throw ImageRefusal("its header is wrong: clusters of 2^\(clusterBits) bytes, where 2^9 to 2^21 are possible")
    }
    virtualSize = try reader.number(UInt64.self, at: 24)
    guard try reader.number(UInt32.self, at: 32) == 0 else {
      throw ImageRefusal("it is encrypted, so no guest could boot it", hint: "decrypt it first: qemu-img convert")
    }
    l1Count = try reader.number(UInt32.self, at: 36)
    l1Offset = try reader.number(UInt64.self, at: 40)
    refcountTableOffset = try reader.number(UInt64.self, at: 48)
    refcountTableClusters = try reader.number(UInt32.self, at: 56)
    let snapshots = try reader.number(UInt32.self, at: 60)
    guard snapshots == 0 else {
      throw ImageRefusal(
        "it holds snapshots (\(snapshots)), which may have another machine's memory in them",
        hint: "a copy made by `qemu-img convert -f qcow2 -O qcow2 FILE NEW` has none")
    }
    let features = version == 3 ? try Self.features(reader, clusterBits) : 0
    hasExtendedL2 = features & Feature.extendedL2 != 0
    let length = version == 3 ? try reader.number(UInt32.self, at: 100) : 72
    try checkTables(fileSize, maxSize)
    try checkExtensions(reader, from: UInt64(length))
  }

  /// Reads and checks the header of a file; `maxSize` bounds the disk's size in bytes.
  package init(of file: ImageFile, maxSize: UInt64 = .max) throws {
    try self.init(file.bytes(at: 0, count: Self.largestSize), fileSize: file.size, maxSize: maxSize)
  }

  private static func refuseBackingFile(_ reader: BigEndianReader) throws {
    let offset = try reader.number(UInt64.self, at: 8)
    guard offset != 0 else { return }
    let length = try reader.number(UInt32.self, at: 16)
    let name = String(decoding: reader.bytes(at: offset, count: min(UInt64(length), 200)), as: UTF8.self)
    throw ImageRefusal(
      "it has a backing file, '\(name)', which QEMU would read on this machine",
      hint: "where you trust it, on the machine that has both: qemu-img convert -O qcow2 FILE NEW")
  }

  private static func features(_ reader: BigEndianReader, _ clusterBits: UInt32) throws -> UInt64 {
    let features = try reader.number(UInt64.self, at: 72)
    if features & Feature.externalData != 0 { throw externalData("") }
    guard features & ~Feature.known == 0 else {
      throw ImageRefusal("its header asks for features that QEMU does not have (\(String(features, radix: 16)))")
    }
    guard features & (Feature.dirty | Feature.corrupt) == 0 else {
      throw ImageRefusal(
        features & Feature.corrupt != 0 ? "it is marked as corrupt" : "it was not closed when it was last written",
        hint: "where you trust it: qemu-img check -r all FILE")
    }
    let order = try reader.number(UInt32.self, at: 96)
    guard order <= 6 else {
      throw ImageRefusal("its header is wrong: reference counts of 2^\(order) bits, where 2^0 to 2^6 are possible")
    }
    let length = try reader.number(UInt32.self, at: 100)
    guard length >= 104, length % 8 == 0, UInt64(length) <= 1 << UInt64(clusterBits) else {
      throw ImageRefusal("its header is wrong: it says that it has \(length) bytes")
    }
    let compression = length > 104 ? try reader.number(UInt8.self, at: 104) : 0
    guard compression <= 1, (compression == 1) == (features & Feature.compressionType != 0) else {
      throw ImageRefusal("its header is wrong: compression of type \(compression)")
    }
    guard features & Feature.extendedL2 == 0 || clusterBits >= 14 else {
      throw ImageRefusal("its header is wrong: subclusters in clusters of 2^\(clusterBits) bytes")
    }
    return features
  }

  private func checkTables(_ fileSize: UInt64, _ maxSize: UInt64) throws {
    guard virtualSize > 0 else { throw ImageRefusal("its disk has no size") }
    guard virtualSize <= maxSize else {
      throw ImageRefusal(
        "its disk is too large: \(virtualSize) bytes, and at most \(maxSize) are allowed",
        hint: "a larger --max-size allows it, if that is what you expect")
    }
    let perTable = clusterSize / l2EntrySize * clusterSize
    let needed = (virtualSize - 1) / perTable + 1
    guard UInt64(l1Count) <= Self.mostL1Entries, UInt64(l1Count) >= needed else {
      throw ImageRefusal("its header is wrong: an L1 table of \(l1Count) entries, where the disk needs \(needed)")
    }
    guard Self.fits(l1Offset, UInt64(l1Count) * 8, in: fileSize), l1Offset % clusterSize == 0 else {
      throw Self.outside("its L1 table", at: l1Offset)
    }
    let tableSize = UInt64(refcountTableClusters) * clusterSize
    guard refcountTableClusters > 0, tableSize <= Self.largestRefcountTable else {
      throw ImageRefusal("its header is wrong: a refcount table of \(refcountTableClusters) clusters")
    }
    guard Self.fits(refcountTableOffset, tableSize, in: fileSize), refcountTableOffset % clusterSize == 0 else {
      throw Self.outside("its refcount table", at: refcountTableOffset)
    }
  }

  /// Whether a part of the file lies in it, behind the header.
  static func fits(_ offset: UInt64, _ size: UInt64, in fileSize: UInt64) -> Bool {
    let (end, overflow) = offset.addingReportingOverflow(size)
    return offset > 0 && !overflow && end <= fileSize
  }

  static func outside(_ what: String, at offset: UInt64) -> ImageRefusal {
    ImageRefusal("it is cut off or wrong: \(what) at \(offset) does not lie in the file", hint: "fetch it anew")
  }

  private static func externalData(_ name: String) -> ImageRefusal {
    ImageRefusal(
      "it keeps its data in another file\(name), which QEMU would read on this machine",
      hint: "where you trust it, on the machine that has both: qemu-img convert -O qcow2 FILE NEW")
  }

  private enum Extension {
    static let end: UInt32 = 0
    static let externalData: UInt32 = 0x4441_5441
    static let encryption: UInt32 = 0x0537_be77
  }

  /// Goes through the header's extensions, which end within the first cluster.
  private func checkExtensions(_ reader: BigEndianReader, from start: UInt64) throws {
    var offset = start
    while offset + 8 <= clusterSize {
      let type = try reader.number(UInt32.self, at: Int(offset))
      let length = UInt64(try reader.number(UInt32.self, at: Int(offset) + 4))
      guard type != Extension.end else { return }
      guard offset + 8 + length <= clusterSize else {
        throw ImageRefusal("its header is wrong: an extension of \(length) bytes does not fit")
      }
      if type == Extension.externalData {
        let name = String(decoding: reader.bytes(at: offset + 8, count: min(length, 200)), as: UTF8.self)
        throw Self.externalData(", '\(name)'")
      }
      if type == Extension.encryption { throw ImageRefusal("it is encrypted, so no guest could boot it") }
      offset += 8 + (length + 7) / 8 * 8
    }
  }
}
