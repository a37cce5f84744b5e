import Glibc
import NestorSupport
import NestorTestSupport
import Processes
import Testing

@testable import NestorImages

@Suite("Images that were made to do harm")
struct HostileImageTests {
  /// A file that is no image, and what is said of it.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let reason: String
    var file = "disk.img"
    var format: ImageFormat?
    let make: @Sendable (String) async throws -> Void

    var testDescription: String { name }
  }

  private static func patched(_ name: String, _ reason: String, at offset: Int, _ bytes: [UInt8]) -> Case {
    Case(name: name, reason: reason) { path in
      try await TestDisk.qcow2(path)
      try TestDisk.patch(path, at: offset, bytes)
    }
  }

  private static func converted(_ format: String, _ reason: String, _ options: [String] = []) -> Case {
    Case(name: "a disk in the format \(format) \(options.joined())", reason: reason) { path in
      try TestDisk.raw("\(path).source")
      try await TestDisk.image(["convert", "-f", "raw", "-O", format] + options + ["\(path).source", path])
    }
  }

  private static func text(_ name: String, _ reason: String, _ text: String, format: ImageFormat? = nil) -> Case {
    Case(name: name, reason: reason, format: format) { path in
      try FileTree.write(Array(text.utf8) + [UInt8](repeating: 0, count: 4096), to: path)
    }
  }

  private static func packed(_ program: String, _ name: String, _ reason: String, _ make: String) -> Case {
    Case(name: name, reason: reason) { path in
      try await Program("sh", package: "dash").run(["-c", "\(make) >\"$1\"", "sh", path])
    }
  }

  static let cases: [Case] =
    [
      Case(name: "a backing file", reason: "it has a backing file, '/etc/shadow'") { path in
        try await TestDisk.image(["create", "-q", "-u", "-f", "qcow2", "-F", "raw", "-b", "/etc/shadow", path, "1M"])
      },
      Case(name: "a backing file of a scheme", reason: "it has a backing file, 'json:{") { path in
        try await TestDisk.image([
          "create", "-q", "-u", "-f", "qcow2", "-F", "raw", "-b",
          "json:{\"driver\":\"raw\",\"file\":{\"driver\":\"file\",\"filename\":\"/etc/shadow\"}}", path, "1M",
        ])
      },
      Case(name: "an external data file", reason: "it keeps its data in another file") { path in
        try await TestDisk.image(["create", "-q", "-f", "qcow2", "-o", "data_file=\(path).data", path, "1M"])
      },
      Case(name: "the name of an external data file alone", reason: "it keeps its data in another file, '/etc/shadow'")
      {
        path in
        try await TestDisk.qcow2(path)
        // In front of the other extensions, right behind the header of 112 bytes.
        let name = Array("/etc/shadow".utf8)
        let bytes: [UInt8] = [0x44, 0x41, 0x54, 0x41, 0, 0, 0, UInt8(name.count)] + name
        try TestDisk.patch(path, at: 112, bytes)
      },
      Case(name: "a disk of 2 TiB", reason: "its disk is too large: 2199023255552 bytes") { path in
        try await TestDisk.image(["create", "-q", "-f", "qcow2", path, "2T"])
      },
      patched("an absurd size", "its disk is too large", at: 24, [UInt8](repeating: 0xff, count: 8)),
      patched(
        "a size that the L1 table cannot reach", "an L1 table of 1 entries", at: 24, [0, 0, 0, 0x80, 0, 0, 0, 0]),
      patched("no size", "its disk has no size", at: 24, [UInt8](repeating: 0, count: 8)),
      patched("clusters of 2 GiB", "clusters of 2^31 bytes", at: 20, [0, 0, 0, 31]),
      patched("clusters of a byte", "clusters of 2^0 bytes", at: 20, [0, 0, 0, 0]),
      patched("reference counts of 128 bits", "reference counts of 2^7 bits", at: 96, [0, 0, 0, 7]),
      patched("a huge L1 table", "an L1 table of 4294967295 entries", at: 36, [0xff, 0xff, 0xff, 0xff]),
      patched("an L1 table outside", "its L1 table at", at: 40, [0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0]),
      patched("an L1 table that is the header", "its L1 table at 0", at: 40, [0, 0, 0, 0, 0, 0, 0, 0]),
      patched("a huge refcount table", "a refcount table of 4294967295 clusters", at: 56, [0xff, 0xff, 0xff, 0xff]),
      patched("a refcount table outside", "its refcount table at", at: 48, [0, 0, 0, 1, 0, 0, 0, 0]),
      patched(
        "a refcount table over the L1 table", "where something else is already", at: 48, [0, 0, 0, 0, 0, 3, 0, 0]),
      patched("an L2 table outside", "an L2 table at", at: 0x30000, [0x80, 0, 0, 1, 0, 0, 0, 0]),
      patched("data outside", "data at", at: 0x40000, [0x80, 0, 0, 1, 0, 0, 0, 0]),
      patched("data that is the header", "data at 196608 lies where", at: 0x40000, [0x80, 0, 0, 0, 0, 3, 0, 0]),
      patched("compressed data outside", "compressed data at", at: 0x40000, [0x40, 0, 0, 1, 0, 0, 0, 0]),
      patched("an unknown feature", "features that QEMU does not have", at: 72, [0, 0, 0, 0, 0, 0, 1, 0]),
      patched("the mark of a crash", "it was not closed", at: 79, [1]),
      patched("the mark of damage", "it is marked as corrupt", at: 79, [2]),
      patched("an unknown compression", "compression of type 9", at: 104, [9]),
      patched("a short header", "it says that it has 8 bytes", at: 100, [0, 0, 0, 8]),
      patched("an endless extension", "does not fit", at: 116, [0xff, 0xff, 0xff, 0xf0]),
      patched("the old cipher", "it is encrypted", at: 32, [0, 0, 0, 1]),
      patched("version 1", "it is qcow in version 1", at: 4, [0, 0, 0, 1]),
      patched("version 4", "it is qcow in version 4", at: 4, [0, 0, 0, 4]),
      // By hand, since qemu-img times how long a key takes to derive, which fails now and then on a busy machine.
      patched("LUKS inside", "it is encrypted", at: 112, [0x05, 0x37, 0xbe, 0x77]),
      Case(name: "one compressed cluster over and over", reason: "more compressed data is pointed to") { path in
        try await TestDisk.halfNoise(path)
        let bytes = try FileTree.read(path)
        let number = { (place: Int) in bytes[place..<place + 8].reduce(0) { $0 << 8 | Int($1) } }
        let table = number(number(40)) & 0xff_ffff_ffff_fe00
        for entry in 1..<64 { try TestDisk.patch(path, at: table + entry * 8, Array(bytes[table..<table + 8])) }
      },
      Case(name: "LUKS", reason: "it is encrypted (LUKS)") { path in
        try TestDisk.raw(path)
        try TestDisk.patch(path, at: 0, [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe, 0, 2])
      },
      Case(name: "snapshots", reason: "it holds snapshots (1)") { path in
        try await TestDisk.qcow2(path)
        try await TestDisk.image(["snapshot", "-c", "one", path])
      },
      converted("vmdk", "it is a VMDK"), converted("vdi", "it is a VDI"), converted("vhdx", "it is a VHDX"),
      converted("vpc", "it is a VHD"), converted("vpc", "it is a VHD", ["-o", "subformat=fixed,force_size=on"]),
      converted("qed", "it is a QED"), converted("parallels", "it is a Parallels disk"),
      converted("qcow", "it is qcow in version 1"),
      text(
        "a VMDK of text", "it is the description of a VMDK",
        "# Disk DescriptorFile\nversion=1\ncreateType=\"monolithicFlat\"\nRW 8 FLAT \"/etc/shadow\" 0\n"),
      text("a web page", "it is a web page", "<!DOCTYPE html><html><body>404</body></html>"),
      text("some words", "it is no disk", "hello"),
      text("a claim of qcow2", "has no qcow2 header", "x", format: .qcow2),
      Case(name: "nothing", reason: "it is empty") { try FileTree.write([], to: $0) },
      Case(name: "a qcow2 that calls itself raw", reason: "it is said to be raw", file: "disk.raw") {
        try await TestDisk.qcow2($0)
      },
      Case(name: "a qcow2 that is said to be raw", reason: "it is said to be raw", format: .raw) {
        try await TestDisk.qcow2($0)
      },
      packed("gzip", "a bomb of gzip", "it has more than", "head -c 100M /dev/zero | gzip -1"),
      packed("xz", "a bomb of xz", "it has more than", "head -c 100M /dev/zero | xz -0"),
      packed("zstd", "a bomb of zstd", "it has more than", "head -c 100M /dev/zero | zstd -1"),
      packed("gzip", "something packed twice", "it is packed twice", "head -c 1M /dev/zero | gzip | gzip"),
      packed(
        "xz", "an xz that is cut off", "it cannot be unpacked", "head -c 1M /dev/urandom | xz -0 | head -c 500000"),
      packed(
        "zstd", "a zstd with rubbish in it", "it cannot be unpacked", "printf '\\050\\265\\057\\375rubbish, rubbish'"),
      Case(name: "a qcow2 that is cut off", reason: "it is cut off or wrong: data at") { path in
        try await TestDisk.qcow2(path)
        try TestDisk.cut(path, to: 600_000)
      },
      Case(name: "a compressed qcow2 that is cut off", reason: "it is cut off or wrong") { path in
        try await TestDisk.qcow2(path, ["-c"])
        try TestDisk.cut(path, to: 0x50000)
      },
      Case(name: "a header that is cut off", reason: "it is cut off") { path in
        try await TestDisk.qcow2(path)
        try TestDisk.cut(path, to: 70)
      },
      Case(name: "a raw disk that is cut off", reason: "it is cut off: its partition table") { path in
        try TestDisk.raw(path)
        // A GPT whose copy is in the last sector.
        try TestDisk.patch(path, at: 512, Array("EFI PART".utf8))
        try TestDisk.patch(path, at: 512 + 32, [0xff, 0x1f, 0, 0, 0, 0, 0, 0])
        try TestDisk.cut(path, to: 1 << 20)
      },
      Case(name: "an older raw disk that is cut off", reason: "it is cut off: its partition table") { path in
        try TestDisk.raw(path)
        try TestDisk.patch(path, at: 446 + 4, [0x83])
        try TestDisk.patch(path, at: 446 + 8, [0, 8, 0, 0, 0, 0x18, 0, 0])
        try TestDisk.cut(path, to: 1 << 20)
      },
      Case(name: "a FIFO", reason: "it is a FIFO") { try #require(mkfifo($0, 0o600) == 0) },
      Case(name: "a folder", reason: "it is a folder") { try FileTree.makeDirectory($0) },
      Case(name: "a symbolic link", reason: "it is a symbolic link") { try #require(symlink("/etc/shadow", $0) == 0) },
      Case(name: "a device", reason: "it is a device") { path in
        try #require(mknod(path, S_IFCHR | 0o600, makeDevice(1, 5)) == 0, "needs root")
      },
    ]

  private static func makeDevice(_ major: UInt64, _ minor: UInt64) -> dev_t { dev_t(major << 8 | minor) }

  @Test("is refused with its reason, and nothing is left of it", .timeLimit(.minutes(20)), arguments: cases)
  func refused(_ item: Case) async throws {
    let scratch = try ScratchState()
    let path = "\(scratch.folder)/\(item.file)"
    try await item.make(path)
    let maxSize: UInt64 = item.name.hasPrefix("a bomb") ? 8 << 20 : ImageBuilder.defaultMaxSize
    let error = await #expect(throws: NestorError.self) {
      try await ImageBuilder(scratch.state).importImage(
        .file(path), name: "lab", format: item.format, maxSize: maxSize)
    }
    #expect(error?.code == .corrupted && error?.message == "'\(path)' is refused as an image", "\(error as Any)")
    #expect(error?.cause?.contains(item.reason) == true, "\(error as Any)")
    #expect(try FileTree.names(in: scratch.state.images) == ["tiny"])
    #expect(try FileTree.names(in: scratch.state.locks) == [])
  }

  @Test("Whatever bytes of a qcow2's tables are wrong, reading them ends, and ends well or in a refusal")
  func fuzz() async throws {
    let scratch = try ScratchState()
    let path = "\(scratch.folder)/disk.qcow2"
    try await TestDisk.qcow2(path)
    let good = try FileTree.read(path)
    var state: UInt64 = 7
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var refused = 0
    for _ in 0..<300 {
      var bytes = good
      for _ in 0...random(4) {
        let place = [0, 0, 0x30000, 0x40000][random(4)] + random(120)
        bytes[place] = UInt8(random(256))
      }
      if random(4) == 0 { bytes = Array(bytes.prefix(random(bytes.count))) }
      try FileTree.write(bytes, to: path)
      let file = try ImageFile(path)
      do {
        let header = try QCOW2Header(
          try file.bytes(at: 0, count: QCOW2Header.largestSize), fileSize: file.size, maxSize: .max)
        try QCOW2Tables.check(file, header)
      } catch is ImageRefusal {
        refused += 1
      }
    }
    #expect(refused > 100 && refused < 300, "\(refused)")
  }
}
