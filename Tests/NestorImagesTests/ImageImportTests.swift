import NestorSupport
import NestorTestSupport
import Processes
import Testing

@testable import NestorImages

@Suite("Importing images")
struct ImageImportTests {
  private let scratch: ScratchState
  private let builder: ImageBuilder

  init() throws {
    scratch = try ScratchState()
    builder = ImageBuilder(scratch.state)
  }

  /// The disk of an image, as a guest sees it.
  private func content(_ image: Image) async throws -> [UInt8] {
    let raw = "\(scratch.folder)/content"
    try await TestDisk.image(["convert", "-f", "qcow2", "-O", "raw", try image.path("disk"), raw])
    return try FileTree.read(raw)
  }

  @Test(
    "A disk becomes a qcow2 of Nestor's own, however it is kept",
    arguments: [
      "cat", "gzip -c", "xz -c0", "zstd -qc", "qcow2", "qcow2 -c", "qcow2 -c -o compression_type=zstd",
      "qcow2 -o compat=0.10", "qcow2 -o cluster_size=512", "qcow2 -o cluster_size=2M,extended_l2=on",
      "qcow2 -o preallocation=metadata",
    ])
  func kinds(_ kind: String) async throws {
    let raw = "\(scratch.folder)/disk"
    let file = "\(scratch.folder)/some.disk"
    try TestDisk.raw(raw)
    let words = kind.split(separator: " ").map(String.init)
    if words[0] == "qcow2" {
      try await TestDisk.image(["convert", "-f", "raw", "-O", "qcow2"] + words.dropFirst() + [raw, file])
    } else {
      try await Program("sh", package: "dash").run(["-c", "\(kind) <\"$1\" >\"$2\"", "sh", raw, file])
    }
    let image = try await builder.importImage(.file(file), name: "lab")
    #expect(try await content(image) == (try FileTree.read(raw)))
    #expect(image.record.kind == .disk && image.record.diskSize == UInt64(TestDisk.size))
    #expect(image.record.origin == ImageRecord.Origin(file: file, format: words[0] == "qcow2" ? .qcow2 : .raw))
    #expect(try FileTree.names(in: image.directory) == ["disk.qcow2", "image.json"])
    #expect(try await ImageVerification(image).isGood)
    #expect(try ImageStore(scratch.state).image("lab") == image)
  }

  @Test("An image of that name stays, unless it is to be replaced and has no guests")
  func replacing() async throws {
    let file = "\(scratch.folder)/a.qcow2"
    try await TestDisk.qcow2(file)
    let first = try await builder.importImage(.file(file), name: "lab")
    try await TestDisk.qcow2(file, seed: 2)
    let again = await #expect(throws: NestorError.self) { try await builder.importImage(.file(file), name: "lab") }
    #expect(again?.code == .exists && again?.hint?.contains("--replace") == true)
    let used = await #expect(throws: NestorError.self) {
      try await builder.importImage(.file(file), name: "lab", replacing: true) { throw NestorError(.busy, "in use") }
    }
    #expect(used?.code == .busy)
    #expect(try ImageStore(scratch.state).image("lab") == first)
    let second = try await builder.importImage(.file(file), name: "lab", replacing: true)
    #expect(second.digest != first.digest)
  }

  @Test("A disk larger than allowed is refused, and one of just that size is not")
  func bound() async throws {
    let file = "\(scratch.folder)/a.raw"
    try TestDisk.raw(file)
    let size = UInt64(TestDisk.size)
    let error = await #expect(throws: NestorError.self) {
      try await builder.importImage(.file(file), name: "lab", maxSize: size - 1)
    }
    #expect(
      error?.cause?.contains("more than \(size - 1) bytes") == true && error?.hint?.contains("--max-size") == true)
    #expect(try await builder.importImage(.file(file), name: "lab", maxSize: size).record.diskSize == size)
  }

  @Test("Verifying finds a changed, a shortened and a missing file")
  func verify() async throws {
    let file = "\(scratch.folder)/a.qcow2"
    try await TestDisk.qcow2(file)
    let image = try await builder.importImage(.file(file), name: "lab")
    let disk = try image.path("disk")
    let good = try FileTree.read(disk)
    try TestDisk.patch(disk, at: good.count - 600, [1, 2, 3])
    #expect(try await ImageVerification(image).files.first?.problem?.hasPrefix("its SHA-256 is ") == true)
    try FileTree.write(good.dropLast(), to: disk)
    let size = try await ImageVerification(image).files.first?.problem
    #expect(size == "it has \(good.count - 1) bytes instead of \(good.count)")
    try FileTree.remove(disk)
    #expect(try await ImageVerification(image).files.map(\.problem) == ["it is missing"])
    // Right by its checksum and wrong inside: what a build on a bad disk would have recorded.
    var bytes = good
    bytes.replaceSubrange(0x10000..<0x10008, with: [0, 0, 0, 1, 0, 0, 0, 0])
    try FileTree.write(bytes, to: disk)
    var record = image.record
    record.files["disk"] = try await ImageRecord.File(describing: "disk.qcow2", in: image.directory)
    let damaged = Image(name: "lab", directory: image.directory, record: record)
    let problem = try await ImageVerification(damaged).files.first?.problem
    #expect(problem?.hasPrefix("qemu-img check: ") == true, "\(problem as Any)")
  }

  @Test("The program takes standard input and names, and says what it lacks")
  func program() async throws {
    let file = "\(scratch.folder)/my disk.raw"
    try TestDisk.raw(file)
    let folders = "NESTOR_STATE_DIR=\(scratch.state.root) NESTOR_RUN_DIR=\(scratch.state.runtime)"
    let nameless = try await NestorProgram.run("image import - <'\(file)' 2>&1", environment: folders)
    #expect(nameless.status == 64 && nameless.output.contains("--name NAME"))
    let piped = try await NestorProgram.run("image import - --name lab <'\(file)' 2>&1", environment: folders)
    #expect(piped.status == 0 && piped.output == "lab\n", "\(piped)")
    let named = try await NestorProgram.run("image import '\(file)' 2>&1", environment: folders)
    #expect(named.status == 0 && named.output == "my-disk\n", "\(named)")
    let refused = try await NestorProgram.run(
      "image import '\(file)' --name x --format qcow2 2>&1", environment: folders)
    #expect(refused.status == 65 && refused.output.contains("is refused as an image: it is said to be qcow2"))
    let verified = try await NestorProgram.run("image verify lab", environment: folders)
    #expect(verified.status == 0 && verified.output.contains("disk.qcow2  good"))
    let info = try await NestorProgram.run("image info lab --format json", environment: folders)
    #expect(info.output.contains("\"diskSize\" : \(TestDisk.size)"))
  }

  @Test(
    "Names come from names of files and addresses",
    arguments: [
      ("/srv/debian-12.qcow2", "debian-12"), ("a/b.raw.xz", "b"), ("https://e.org/x/lab.img.zst?token=1#a", "lab"),
      ("noble-server-cloudimg-amd64.img", "noble-server-cloudimg-amd64"), ("Mein Büro.qcow2", "Mein-B-ro"),
      (".hidden.qcow2", "hidden"), ("....", nil), ("/", nil),
      (String(repeating: "x", count: 99), String(repeating: "x", count: 63)),
    ])
  func names(_ path: String, _ name: String?) {
    #expect(ImageName.suggestion(for: path) == name)
  }

  @Test("An unpacker may write no more than the importer's bound")
  func unpacking() async throws {
    let file = "\(scratch.folder)/bomb"
    try await Program("sh", package: "dash").run(["-c", "head -c 200M /dev/zero | zstd -1 >\"$1\"", "sh", file])
    let stages = Lines()
    let importer = ImageImporter("lab", maxSize: 1 << 20) { stages.add($0.stage) }
    let work = "\(scratch.folder)/work"
    try FileTree.makeDirectory(work)
    await #expect(throws: NestorError.self) {
      try await importer.makeDisk(from: file, shown: file, claimed: nil, in: work)
    }
    #expect(stages.all == ["unpacking"])
    let unpacked = UInt64(FileTree.size("\(work)/.work/unpacked") ?? 0)
    #expect((1...importer.fileLimit).contains(unpacked), "\(unpacked)")
  }
}
