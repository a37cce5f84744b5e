import Templates

/// What a disk is kept in.
package enum ImageFormat: String, CaseIterable, Codable, Sendable {
  /// QEMU's own format.
  case qcow2
  /// The disk as it is.
  case raw
}

extension ImageFormat {
  /// The format that a catalogue names.
  init(_ format: CatalogueEntry.Format) {
    switch format {
    case .qcow2: self = .qcow2
    case .raw: self = .raw
    }
  }
}

/// What a file holds, found by its own first bytes; its name says nothing.
enum ImageContent: Equatable {
  case disk(ImageFormat)
  /// Something else that a program makes smaller.
  case compressed(Compression)

  /// A way to make a file smaller, with the program that unpacks it.
  enum Compression: String, CaseIterable {
    case gzip
    case xz
    case zstd

    /// The program with its arguments: from standard input to standard output, with a bound on its memory.
    var command: [String] {
      switch self {
      case .gzip: ["gzip", "-dc"]
      case .xz: ["xz", "-dc", "--memlimit-decompress=1GiB"]
      case .zstd: ["zstd", "-dcq", "--memory=1024MB", "--no-progress"]
      }
    }

    /// The Debian package that has the program.
    var package: String {
      switch self {
      case .gzip: "gzip"
      case .xz: "xz-utils"
      case .zstd: "zstd"
      }
    }

    fileprivate var magic: [UInt8] {
      switch self {
      case .gzip: [0x1f, 0x8b]
      case .xz: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]
      case .zstd: [0x28, 0xb5, 0x2f, 0xfd]
      }
    }
  }

  /// Finds out what a file holds.
  ///
  /// `claimed` is the format that the user or the file's name says: a file that is something else is refused. Without
  /// it a disk that is neither qcow2 nor has a partition table, a boot sector or a file system is refused as well.
  init(_ file: ImageFile, claimed: ImageFormat?) throws {
    guard file.size > 0 else { throw ImageRefusal("it is empty") }
    let head = try file.bytes(at: 0, count: 1 << 17)
    if let compression = Compression.allCases.first(where: { head.starts(with: $0.magic) }) {
      self = .compressed(compression)
      return
    }
    let isQCOW2 = head.starts(with: QCOW2Header.magic)
    if isQCOW2 {
      guard claimed != .raw else {
        throw ImageRefusal(
          "it is said to be raw, but begins with a qcow2 header, which QEMU would follow wherever it leads",
          hint: "if it is a qcow2 image, say so: --format qcow2")
      }
      self = .disk(.qcow2)
      return
    }
    try Self.refuseForeign(head, tail: try file.bytes(at: file.size - min(file.size, 512), count: 512))
    guard claimed != .qcow2 else { throw ImageRefusal("it is said to be qcow2, but has no qcow2 header") }
    if claimed == nil, !RawDisk.isKnown(head) {
      throw ImageRefusal(
        "it is no disk: neither a qcow2 header nor a boot sector, a partition table or a file system is in it",
        hint: "if it is a raw disk all the same, say so: --format raw")
    }
    try RawDisk.check(head, size: file.size)
    self = .disk(.raw)
  }

  /// Formats that can name other files, need a key, or are no disks; each with where its mark stands.
  private static let foreign: [(offset: Int, mark: [UInt8], name: String)] = [
    (0, Array("KDMV".utf8), "a VMDK"), (0, Array("COWD".utf8), "a VMDK"),
    (0, Array("# Disk DescriptorFile".utf8), "the description of a VMDK"),
    (64, [0x7f, 0x10, 0xda, 0xbe], "a VDI"), (0, Array("vhdxfile".utf8), "a VHDX"),
    (0, Array("conectix".utf8), "a VHD"), (0, Array("QED\0".utf8), "a QED"),
    (0, Array("WithoutFreeSpace".utf8), "a Parallels disk"), (0, Array("WithouFreSpacExt".utf8), "a Parallels disk"),
    (0, Array("Bochs Virtual HD Image".utf8), "a Bochs disk"), (0, [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe], "LUKS"),
    (0, Array("BZh".utf8), "a bzip2 file"), (0, [0x04, 0x22, 0x4d, 0x18], "an LZ4 file"),
    (0, [0x50, 0x4b, 0x03, 0x04], "a ZIP archive"), (0, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], "a 7z archive"),
    (257, Array("ustar".utf8), "a tar archive"), (0, [0x7f, 0x45, 0x4c, 0x46], "a program"),
    (0, Array("<!DOCTYPE".utf8), "a web page"), (0, Array("<!doctype".utf8), "a web page"),
    (0, Array("<html".utf8), "a web page"), (0, Array("<?xml".utf8), "XML"),
  ]

  private static func refuseForeign(_ head: [UInt8], tail: [UInt8]) throws {
    let name =
      foreign.first { head.dropFirst($0.offset).starts(with: $0.mark) }?.name
      // A fixed VHD is a raw disk with its mark behind the end.
      ?? (tail.starts(with: Array("conectix".utf8)) ? "a VHD" : tail.starts(with: Array("koly".utf8)) ? "a DMG" : nil)
    guard let name else { return }
    if name == "LUKS" {
      throw ImageRefusal("it is encrypted (LUKS), so no guest could boot it", hint: "decrypt it first: cryptsetup")
    }
    throw ImageRefusal(
      "it is \(name); qcow2, raw disks, and those packed by gzip, xz or zstd are taken",
      hint: "where you trust it: qemu-img convert -O qcow2 FILE NEW, then import that")
  }
}
