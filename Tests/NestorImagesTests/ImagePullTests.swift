import Glibc
import NestorSupport
import NestorTestSupport
import Processes
import Templates
import Testing

@testable import NestorImages

@Suite("Pulling images", .timeLimit(.minutes(20)))
struct ImagePullTests {
  private let scratch: ScratchState
  private let server: ImageServer
  private let builder: ImageBuilder
  private let reports = Lines()
  private let warnings = Lines()
  private let file: String

  init() async throws {
    scratch = try ScratchState()
    server = try ImageServer()
    let (reports, warnings) = (reports, warnings)
    var builder = ImageBuilder(
      scratch.state, report: { reports.add($0.stage) }, warn: { warnings.add($0) })
    builder.downloads = DownloadSettings(
      attempts: 3, pause: .milliseconds(10), stall: .seconds(10), connect: .seconds(100))
    self.builder = builder
    file = "\(server.folder)/disk.qcow2"
    try await TestDisk.qcow2(file)
  }

  private func sum(_ algorithm: Checksum.Algorithm = .sha256) async throws -> Checksum {
    try await Checksum(of: file, algorithm)
  }

  private func request(_ kind: String, name: String? = "lab", checked: Bool = true) async throws -> PullRequest {
    var request = PullRequest(server.address("\(kind)/disk.qcow2"))
    request.name = name
    if checked { request.checksum = try await sum() }
    return request
  }

  private func downloads() throws -> [String] { try FileTree.names(in: scratch.state.downloads) }

  private func expectNothingMade() throws {
    #expect(try FileTree.names(in: scratch.state.images) == ["tiny"])
    #expect(try FileTree.names(in: scratch.state.locks) == [])
  }

  @Test("A good download becomes an image that says where it comes from, and nothing else is left")
  func good() async throws {
    let (image, isNew) = try await builder.pull(try await request("good"))
    #expect(isNew && image.name == "lab" && image.record.diskSize == UInt64(TestDisk.size))
    let sum = try await sum()
    #expect(
      image.record.origin
        == ImageRecord.Origin(
          url: server.address("good/disk.qcow2"), checksum: "\(sum)", isVerified: true, format: .qcow2))
    #expect(try await ImageVerification(image).isGood)
    #expect(try downloads() == [] && FileTree.names(in: scratch.state.locks) == [])
    #expect(reports.all.contains("checking") && reports.all.contains { $0.hasPrefix("downloading, ") })
    #expect(warnings.all == [])
    let again = try await builder.pull(try await request("good"))
    #expect(!again.isNew && again.image == image)
    #expect(try server.requests() == ["/good/disk.qcow2 -"])
  }

  @Test("SHA-512, lists of checksums in each form, redirects, and packed disks do as well")
  func ways() async throws {
    var request = try await request("to", name: "a", checked: false)
    request.checksum = try await sum(.sha512)
    #expect(try await builder.pull(request).isNew)
    let digits = try await (sum().digits, sum(.sha512).digits)
    let lists = [
      "\(digits.0)  other.img\n\(digits.1) *disk.qcow2\n": "b",
      "-----BEGIN PGP SIGNED MESSAGE-----\n# disk.qcow2: 9 bytes\nSHA256 (disk.qcow2) = \(digits.0)\n": "c",
      "\(digits.0.uppercased())\n": "d",
    ]
    for (text, name) in lists {
      try FileTree.write(Array(text.utf8), to: "\(server.folder)/\(name).sums")
      request = try await self.request("noranges", name: name, checked: false)
      request.checksums = server.address("good/\(name).sums")
      let pulled = try await builder.pull(request)
      #expect(pulled.isNew && pulled.image.record.origin?.isVerified == true)
    }
    try await Program("sh", package: "dash").run(["-c", "xz -0 <\"$1\" >\"$1.xz\"", "sh", file])
    request = PullRequest(server.address("good/disk.qcow2.xz"))
    request.checksum = try await Checksum(of: "\(file).xz", .sha256)
    #expect(try await builder.pull(request).image.name == "disk")
    #expect(try downloads() == [])
  }

  @Test("A download with a wrong checksum is thrown away")
  func wrong() async throws {
    var request = try await request("good")
    request.checksum = try Checksum(String(repeating: "0", count: 64))
    let error = await #expect(throws: NestorError.self) { try await builder.pull(request) }
    #expect(error?.code == .corrupted && error?.message.hasSuffix("is not what it should be") == true)
    let digits = try await sum().digits
    #expect(error?.cause?.contains("sha256:0000") == true && error?.cause?.contains(digits) == true)
    try expectNothingMade()
    #expect(try downloads() == [])
    #expect(try server.requests().count == 1)
  }

  @Test("Without a checksum nothing is asked for, unless the user says so, who is then told the checksum")
  func unverified() async throws {
    var request = try await request("good", checked: false)
    let error = await #expect(throws: NestorError.self) { try await builder.pull(request) }
    #expect(error?.code == .invalidArgument && error?.hint?.contains("--no-verify") == true)
    #expect(try server.requests() == [])
    request.allowsUnverified = true
    let image = try await builder.pull(request).image
    let sum = try await sum()
    #expect(image.record.origin?.isVerified == false && image.record.origin?.checksum == "\(sum)")
    #expect(warnings.all == ["'lab' was not compared with anything (--no-verify); its checksum is \(sum)"])
  }

  @Test("A hostile file is refused although its checksum is right, and is not kept")
  func hostile() async throws {
    try FileTree.remove(file)
    try await TestDisk.image(["create", "-q", "-u", "-f", "qcow2", "-F", "raw", "-b", "/etc/shadow", file, "1M"])
    let error = await #expect(throws: NestorError.self) { try await builder.pull(try await request("good")) }
    #expect(error?.code == .corrupted && error?.cause?.contains("'/etc/shadow'") == true)
    try expectNothingMade()
    #expect(try downloads() == [])
  }

  @Test("A download that is cut off goes on by itself", arguments: ["cut", "hang", "busy"])
  func cut(_ kind: String) async throws {
    #expect(try await builder.pull(try await request(kind)).isNew)
    let size = try #require(FileTree.size(file))
    let requests = ["/\(kind)/disk.qcow2 -", "/\(kind)/disk.qcow2 \(kind == "busy" ? "-" : "bytes=\(size / 2)-")"]
    #expect(try server.requests() == requests)
    #expect(try downloads() == [])
  }

  @Test("A download that was given up is gone on with by the next pull")
  func resumed() async throws {
    var impatient = builder
    impatient.downloads.attempts = 1
    let error = await #expect(throws: NestorError.self) { try await impatient.pull(try await request("cut")) }
    #expect(error?.hint?.contains("it goes on from there") == true, "\(error as Any)")
    try expectNothingMade()
    #expect(try downloads().filter { $0.hasSuffix(".part") || $0.hasSuffix(".note") }.count == 2)
    #expect(try await impatient.pull(try await request("cut")).isNew)
    let size = try #require(FileTree.size(file))
    #expect(try server.requests() == ["/cut/disk.qcow2 -", "/cut/disk.qcow2 bytes=\(size / 2)-"])
  }

  @Test("The rest of another content is not put behind a part, whether the server heeds that or not")
  func changed() async throws {
    var impatient = builder
    impatient.downloads.attempts = 1
    _ = await #expect(throws: NestorError.self) { try await impatient.pull(try await request("cut")) }
    try await TestDisk.qcow2(file, seed: 2)
    #expect(try await builder.pull(try await request("cut")).isNew, "the server answers with the whole, which is taken")
    #expect(try await builder.pull(try await request("changed", name: "other")).isNew)
    let ranges = try server.requests().filter { $0.hasPrefix("/changed/") }.map { $0.hasSuffix(" -") }
    #expect(ranges == [true, false, true], "the part was gone on with, then all was fetched anew")
    #expect(try await builder.pull(try await request("unmarked", name: "third")).isNew)
    #expect(
      try server.requests().filter { $0.hasPrefix("/unmarked/") } == [
        "/unmarked/disk.qcow2 -", "/unmarked/disk.qcow2 -",
      ])
  }

  @Test("A note of another address, or one that is none, makes a part worthless", arguments: ["{}", "", "other"])
  func foreignPart(_ note: String) async throws {
    let address = try DownloadAddress(server.address("good/disk.qcow2"))
    try FileTree.makeDirectory(scratch.state.downloads, mode: 0o700)
    try FileTree.write([1, 2, 3], to: "\(scratch.state.downloads)/\(address.key).part")
    let text = note == "other" ? "{\"url\": \"http://x/\", \"validator\": \"\\\"a\\\"\", \"size\": 99}" : note
    try FileTree.write(Array(text.utf8), to: "\(scratch.state.downloads)/\(address.key).note")
    #expect(try await builder.pull(try await request("good")).isNew)
    #expect(try server.requests() == ["/good/disk.qcow2 -"])
  }

  @Test("A part that is whole already is checked and taken without another request")
  func whole() async throws {
    let address = try DownloadAddress(server.address("good/disk.qcow2"))
    let downloader = Downloader(folder: scratch.state.downloads, settings: builder.downloads, report: { _ in })
    try FileTree.makeDirectory(scratch.state.downloads, mode: 0o700)
    #expect(try await !downloader.fetch(address, subject: "lab", limit: 1 << 30))
    #expect(try await builder.pull(try await request("good")).isNew)
    #expect(try server.requests().count == 1)
  }

  @Test("A server that goes silent is given up in time, with what came kept")
  func stalled() async throws {
    var impatient = builder
    impatient.downloads.stall = .seconds(2)
    let builder = impatient
    let begun = ContinuousClock.now
    let error = await #expect(throws: NestorError.self) { try await builder.pull(try await request("stall")) }
    #expect(error?.code == .timedOut && error?.cause?.contains("curl: (28)") == true, "\(error as Any)")
    #expect(begun.duration(to: .now) < .seconds(400))
    try expectNothingMade()
    let size = try #require(FileTree.size(file))
    let part = try #require(try downloads().first { $0.hasSuffix(".part") })
    #expect(FileTree.size("\(scratch.state.downloads)/\(part)") ?? 0 >= size / 2)
  }

  @Test("Redirects in circles and to other schemes are not followed", arguments: [("loop", 47), ("away", 1)])
  func redirects(_ kind: String, _ status: Int) async throws {
    let error = await #expect(throws: NestorError.self) { try await builder.pull(try await request(kind)) }
    #expect(error?.cause?.contains("curl: (\(status))") == true, "\(error as Any)")
    #expect(error?.hint?.contains("file's own address") == true)
    #expect(try server.requests().count <= 6)
    try expectNothingMade()
    #expect(try downloads().filter { $0.hasSuffix(".part") } == [])
  }

  @Test("A file or a list that is not there, or does not name the file, says what to do")
  func missing() async throws {
    var request = PullRequest(server.address("good/none.qcow2"))
    request.checksum = try await sum()
    let error = await #expect(throws: NestorError.self) { try await builder.pull(request) }
    #expect(error?.code == .notFound && error?.message == "cannot download \(server.address("good/none.qcow2"))")
    #expect(error?.hint?.contains("it may have moved") == true)
    request = try await self.request("good", checked: false)
    request.checksums = server.address("good/none.sums")
    #expect(await #expect(throws: NestorError.self) { try await builder.pull(request) }?.code == .notFound)
    try FileTree.write(Array("\(try await sum().digits)  other\n\n".utf8), to: "\(server.folder)/wrong.sums")
    try FileTree.write(Array("d41d8cd98f00b204e9800998ecf8427e  disk.qcow2\n".utf8), to: "\(server.folder)/md5.sums")
    for list in ["md5"] {
      request.checksums = server.address("good/\(list).sums")
      let error = await #expect(throws: NestorError.self) { try await builder.pull(request) }
      #expect(error?.code == .corrupted && error?.message.hasSuffix("has no checksum of disk.qcow2") == true)
    }
    #expect(try server.requests().filter { $0.contains("disk.qcow2") } == [], "without its checksum nothing is fetched")
    try expectNothingMade()
    #expect(try downloads() == [] || downloads().allSatisfy { $0.hasSuffix(".headers") })
  }

  @Test("A server that is not there is no reason to wait for long")
  func unreachable() async throws {
    var request = PullRequest("http://127.0.0.1:1/disk.qcow2")
    request.checksum = try await sum()
    let error = await #expect(throws: NestorError.self) { try await builder.pull(request) }
    #expect(error?.code == .unavailable && error?.cause?.contains("curl: (7)") == true, "\(error as Any)")
    #expect(error?.hint?.contains("https_proxy") == true)
  }

  @Test("A download larger than allowed is cut short")
  func tooLarge() async throws {
    var request = try await request("good")
    request.maxSize = 1 << 10
    let big = "\(server.folder)/big"
    try FileTree.write([], to: big)
    try #require(truncate(big, 80 << 20) == 0)
    request.source = server.address("good/big")
    let error = await #expect(throws: NestorError.self) { try await builder.pull(request) }
    #expect(error?.code == .corrupted && error?.hint?.contains("--max-size") == true, "\(error as Any)")
    try expectNothingMade()
  }

  @Test("Two that pull the same at once share one download")
  func together() async throws {
    let request = try await request("slow")
    async let first = builder.pull(request)
    async let second = builder.pull(request)
    let pulled = try await [first, second]
    #expect(pulled.filter(\.isNew).count == 1 && pulled[0].image == pulled[1].image)
    #expect(try server.requests() == ["/slow/disk.qcow2 -"])
    #expect(reports.all.contains("waiting for another nestor that works on it"))
  }

  @Test("Two that pull the same under two names share one download and its room, and go each its own way")
  func twoNames() async throws {
    async let first = builder.pull(try await request("slow", name: "a"))
    async let second = builder.pull(try await request("slow", name: "b"))
    let pulled = try await [first.image, second.image]
    #expect(pulled.map(\.name) == ["a", "b"])
    #expect(try server.requests() == ["/slow/disk.qcow2 -"])
    #expect(pulled[0].digest == pulled[1].digest)
    try await ImageStore(scratch.state).delete(pulled[0].name)
    #expect(try await ImageVerification(pulled[1]).isGood)
    let disk = try pulled[1].path("disk")
    let descriptor = open(disk, O_WRONLY)
    try #require(pwrite(descriptor, "damage", 6, 512) == 6)
    close(descriptor)
    let again = try await builder.pull(try await request("good", name: "a")).image
    #expect(try await ImageVerification(again).isGood, "what is damaged is no reason to have it twice")
  }

  @Test("An image larger than allowed is not taken from another name either")
  func twinTooLarge() async throws {
    _ = try await builder.pull(try await request("good", name: "a"))
    var request = try await request("good", name: "b")
    request.maxSize = 1 << 10
    let error = await #expect(throws: NestorError.self) { try await builder.pull(request) }
    #expect(error?.code == .corrupted, "\(error as Any)")
  }

  @Test(
    "One that is there from the same address is not taken for it where it has another checksum, or was never compared")
  func otherChecksum() async throws {
    var request = try await request("good", name: "lab", checked: false)
    request.allowsUnverified = true
    _ = try await builder.pull(request)
    request = try await self.request("good", name: "lab")
    let unchecked = await #expect(throws: NestorError.self) { try await builder.pull(request) }
    #expect(unchecked?.code == .exists && unchecked?.cause?.hasSuffix("was never compared") == true)
    request.replaces = true
    _ = try await builder.pull(request)
    request.replaces = false
    #expect(try await builder.pull(request).isNew == false)
    request.checksum = try Checksum(String(repeating: "0", count: 64))
    let other = await #expect(throws: NestorError.self) { try await builder.pull(request) }
    #expect(other?.code == .exists && other?.cause?.contains("and it has sha256:") == true, "\(other as Any)")
  }

  @Test("An image of that name from elsewhere is not mistaken for it")
  func otherOrigin() async throws {
    let request = try await request("good", name: "tiny")
    let error = await #expect(throws: NestorError.self) { try await builder.pull(request) }
    #expect(error?.code == .exists)
    #expect(try server.requests() == [])
  }

  @Test("A mirror gives the image, and the checksums come from the base")
  func mirror() async throws {
    let folder = "\(scratch.folder)/catalogue"
    try FileTree.makeDirectory("\(folder)/images")
    let text = """
      images:
        lab:
          description: the lab
          base: \(server.address("good/"))
          path: x/disk.qcow2
          checksums: x/SUMS
      """
    try FileTree.write(Array(text.utf8), to: "\(folder)/images/catalogue.yaml")
    try FileTree.write(Array("\(try await sum().digits)  disk.qcow2\n".utf8), to: "\(server.folder)/SUMS")
    let catalogue = try ImageCatalogue(TemplateLibrary(searchPath: [folder]))
    var request = PullRequest("lab")
    request.mirror = server.address("noranges/debian")
    let image = try await builder.pull(request, catalogue: catalogue).image
    #expect(image.record.description == "the lab" && image.record.origin?.catalogue == "lab")
    #expect(try server.requests() == ["/good/x/SUMS -", "/noranges/debian/x/disk.qcow2 -"])
    #expect(try await !builder.pull(PullRequest("lab"), catalogue: catalogue).isNew)
    let error = await #expect(throws: NestorError.self) {
      try await builder.pull(PullRequest("lap"), catalogue: catalogue)
    }
    #expect(error?.code == .notFound && error?.hint?.hasPrefix("did you mean 'lab'?") == true)
  }

  @Test(
    "What is no address is refused before anything is asked for",
    arguments: [
      "ftp://e.org/x", "file:///etc/shadow", "https://", "https:///x", "https://user:secret@e.org/x",
      "https://e.org/a b",
      "https://e.org/\u{1b}[2J", "http://e.org/x\n--output", "https://e.org/" + String(repeating: "x", count: 3000),
    ])
  func addresses(_ text: String) async throws {
    #expect(#expect(throws: NestorError.self) { try DownloadAddress(text) }?.code == .invalidArgument)
  }
}
