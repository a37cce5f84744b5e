import Foundation
import Glibc
import NestorSupport
import NestorTestSupport
import Processes
import Testing

@testable import NestorCore

@Suite("Tar archives")
struct TarTests {
  /// Files that stay open for a test.
  private final class OpenFiles {
    var handles: [FileHandle] = []
  }

  private let scratch: ScratchState
  private let files = OpenFiles()
  private var archive: String { "\(scratch.folder)/it.tar" }

  init() throws {
    scratch = try ScratchState()
  }

  private func descriptor(_ path: String, _ flags: Int32 = O_RDONLY) throws -> Int32 {
    let descriptor = open(path, flags, 0o600)
    try #require(descriptor >= 0, "\(path)")
    files.handles.append(FileHandle(fileDescriptor: descriptor, closeOnDealloc: true))
    return descriptor
  }

  /// Writes an archive of these files, each by its bytes or, at the end, from a file.
  private func write(_ files: [(String, [UInt8])], disk: String? = nil) async throws {
    var writer = TarWriter(try descriptor(archive, O_WRONLY | O_CREAT | O_TRUNC))
    for (name, bytes) in files { try await writer.add(name, bytes) }
    if let disk { try await writer.add("disks/d", contentsOf: disk, limit: 40 << 20) }
    try await writer.finish()
  }

  private func sh(_ line: String) async throws -> String {
    try await Program("sh", package: "dash").run(["-c", line], directory: scratch.folder)
  }

  @Test("What is written, GNU tar and sha256sum read, and so does the reader; holes stay holes")
  func roundTrip() async throws {
    let disk = "\(scratch.folder)/disk"
    try await _ = sh("truncate -s 40M disk; printf abc | dd of=disk bs=1 seek=30000000 conv=notrunc status=none")
    let files: [(String, [UInt8])] = [("empty", []), ("one", [1]), ("block", [UInt8](repeating: 7, count: 512))]
    try await write(files, disk: disk)
    let told = try await sh("mkdir out; cd out; tar xf ../it.tar; sha256sum -c SHA256SUMS; cmp disks/d ../disk; ls -l")
    #expect(told.split(separator: "\n").filter { $0.hasSuffix(": OK") }.count == 4, "\(told)")
    #expect(told.contains("-rw-------"))

    var reader = TarReader(try descriptor(archive))
    for (name, bytes) in files {
      let header = try await reader.nextFile()
      #expect(header?.name == name)
      #expect(try await reader.content(limit: 512) == bytes)
    }
    #expect(try await reader.nextFile()?.size == 40 << 20)
    let copy = "\(scratch.folder)/copy"
    try await reader.copy(to: copy, limit: 40 << 20)
    #expect(try await sh("cmp disk copy; stat -c %a copy") == "600\n")
    var information = stat()
    #expect(stat(copy, &information) == 0 && information.st_blocks < 2048, "it is sparse")
    _ = try await reader.nextFile()
    let sums = String(decoding: try await reader.content(limit: 10000), as: UTF8.self)
    #expect(reader.sums.filter { sums.contains("\($0.value)  \($0.key)\n") }.count == 4)
    #expect(try await reader.nextFile() == nil)
  }

  @Test(
    "Sizes of any number are written and read",
    arguments: [0, 1, 511, (1 << 33) - 1, 1 << 33, (1 << 44) + 17, .max] as [UInt64])
  func sizes(_ size: UInt64) throws {
    let header = TarHeader(name: "disks/d", size: size, time: 1_700_000_000)
    #expect(try TarHeader(header.block) == header)
  }

  @Test("An archive that GNU tar made of the same files is read")
  func fromGNU() async throws {
    try await _ = sh("echo one >one; tar cf it.tar --format=ustar one; printf x >>one; tar rf it.tar one")
    var reader = TarReader(try descriptor(archive))
    #expect(try await reader.nextFile()?.name == "one")
    #expect(try await reader.content(limit: 10) == Array("one\n".utf8))
    let refusal = await #expect(throws: TarHeader.Refusal.self) { _ = try await reader.nextFile() }
    #expect(refusal?.reason == "'one' is in it twice")
  }

  @Test(
    "What is no plain file is refused by what it is",
    arguments: [
      ("ln -s /etc/passwd it", "'it' is a symbolic link"), ("mkdir it", "'it/' is a directory"),
      ("mkfifo it", "'it' is a FIFO"), ("mknod it c 1 3", "'it' is a device"),
      ("touch it; ln it jt; set -- jt", "'it' is a link"),
      ("touch it; set -- $(printf 'a\\033b'); touch $1", "a name in it is not one of ASCII"),
    ])
  func kinds(make: String, reason: String) async throws {
    try await _ = sh("mkdir in; cd in; \(make); tar cf ../it.tar --format=ustar $1 it")
    var reader = TarReader(try descriptor(archive))
    var refusal: TarHeader.Refusal?
    do {
      while try await reader.nextFile() != nil { _ = try await reader.content(limit: 10) }
    } catch let error as TarHeader.Refusal { refusal = error }
    #expect(refusal?.reason.hasPrefix(reason) == true, "\(String(describing: refusal))")
  }

  @Test("An archive that is cut off anywhere, or goes on behind its end, is refused")
  func cutOff() async throws {
    try await write([("a", [UInt8](repeating: 1, count: 700))])
    let whole = try FileTree.read(archive)
    func read(_ bytes: some Sequence<UInt8>) async throws {
      try FileTree.write(bytes, to: archive)
      var reader = TarReader(try descriptor(archive))
      while try await reader.nextFile() != nil { _ = try await reader.content(limit: 1 << 20) }
    }
    try await read(whole)
    // Of the end, one block of zeros is enough, and more of them do no harm.
    try await read(whole.dropLast(512))
    try await read(whole + [UInt8](repeating: 0, count: 10240))
    for count in [0, 1, 511, 512, 513, 1300, 1536, 2047, whole.count - 1024] {
      await #expect(throws: UnexpectedEnd.self, "\(count)") { try await read(whole.prefix(count)) }
    }
    for more in [whole, [1], [UInt8](repeating: 0, count: 2 << 20)] {
      let refusal = await #expect(throws: TarHeader.Refusal.self) { try await read(whole + more) }
      #expect(refusal?.reason == "more follows behind its end")
    }
  }

  @Test("A header of which a byte is wrong is refused, or is one of a file of the same size")
  func damaged() throws {
    let block = TarHeader(name: "disks/d", size: 4096, time: 9).block
    // The last byte of the checksum's field ends it, whatever it is.
    for index in block.indices where index != 155 {
      var block = block
      block[index] ^= 0x11
      #expect(throws: TarHeader.Refusal.self, "byte \(index)") { try TarHeader(block) }
    }
    // With the right checksum.
    func patched(_ place: Int, _ text: String) throws -> TarHeader {
      var block = block
      for (offset, byte) in text.utf8.enumerated() { block[place + offset] = byte }
      for index in 148..<156 { block[index] = 32 }
      let digits = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
      let field = String(repeating: "0", count: 6 - digits.count) + digits + "\0"
      for (offset, byte) in field.utf8.enumerated() { block[148 + offset] = byte }
      return try TarHeader(block)
    }
    #expect(try patched(0, "other").name == "other/d")
    #expect(try patched(124, "00000000017").size == 15)
    for number in ["-0000000017", "+0000000017", "0000000001x", "           ", "00000000019"] {
      #expect(throws: TarHeader.Refusal.self, "\(number)") { try patched(124, number) }
    }
    #expect(throws: TarHeader.Refusal.self) { try patched(124, "\u{1}") }
    #expect(throws: TarHeader.Refusal.self) { try patched(345, "deep") }
    #expect(throws: TarHeader.Refusal.self) { try patched(156, "x") }
  }

  @Test("No more of a file is taken than is allowed, and a file is never put over another")
  func limits() async throws {
    try await write([("a", [1, 2, 3])])
    var reader = TarReader(try descriptor(archive))
    _ = try await reader.nextFile()
    let refusal = await #expect(throws: TarHeader.Refusal.self) { _ = try await reader.content(limit: 2) }
    #expect(refusal?.reason == "'a' has 3 bytes, and at most 2 are taken")
    await #expect(throws: TarHeader.Refusal.self) { try await reader.copy(to: "\(scratch.folder)/b", limit: 2) }
    #expect(!FileTree.exists("\(scratch.folder)/b"))
    try scratch.write("c", "old")
    let error = await #expect(throws: SystemError.self) {
      try await reader.copy(to: "\(scratch.folder)/c", limit: 3)
    }
    #expect(error?.number == EEXIST)
    #expect(try FileTree.readText("\(scratch.folder)/c") == "old")
  }
}
