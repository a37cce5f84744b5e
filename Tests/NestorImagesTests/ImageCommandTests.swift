import DomainXML
import Glibc
import NestorSupport
import NestorTestSupport
import Processes
import Testing

@testable import NestorCore
@testable import NestorImages

@Suite("The image commands", .timeLimit(.minutes(20)))
struct ImageCommandTests {
  private let scratch: ScratchState
  private let server: ImageServer
  private let folders: String

  init() async throws {
    scratch = try ScratchState()
    server = try ImageServer()
    folders = "NESTOR_STATE_DIR=\(scratch.state.root) NESTOR_RUN_DIR=\(scratch.state.runtime)"
    try await TestDisk.qcow2("\(server.folder)/disk.qcow2")
  }

  private func pull(_ kind: String, _ options: String = "", _ environment: String = "") async throws
    -> (output: String, status: Int32)
  {
    let sum = try await Checksum(of: "\(server.folder)/disk.qcow2", .sha256)
    let address = server.address("\(kind)/disk.qcow2")
    return try await NestorProgram.run(
      "image pull \(address) --sha256 \(sum.digits) \(options) 2>&1", environment: "\(folders) \(environment)")
  }

  private func list() async throws -> [String] {
    try await NestorProgram.run("image list -q", environment: folders).output.split(separator: "\n").map(String.init)
  }

  @Test("What is left over is not judged by a libvirt that has other guests than those whose files lie here")
  func otherDriver() async throws {
    let folder = scratch.state.guest("00000000-0000-4000-8000-000000000001")
    try FileTree.makeDirectory(folder)
    let result = try await NestorProgram.run("gc --yes --connect test:///default 2>&1", environment: folders)
    #expect(result.status != 0 && result.output.contains("cannot look for leftovers over test:///default"), "\(result)")
    #expect(FileTree.isDirectory(folder))
  }

  @Test("An image whose record cannot be read is not replaced under its guests, and can be deleted")
  func unreadable() async throws {
    #expect(try await pull("good", "--name lab").status == 0)
    try FileTree.write(Array("{".utf8), to: "\(scratch.state.images)/lab/image.json")
    let again = try await pull("good", "--name lab")
    #expect(again.status != 0 && again.output.contains("nestor image delete lab"), "\(again)")
    let deleted = try await NestorProgram.run("image delete lab --connect test:///default 2>&1", environment: folders)
    #expect(deleted.status == 0 && !FileTree.exists("\(scratch.state.images)/lab"), "\(deleted)")
  }

  @Test(
    "A proxy that refuses is told as such, and that its name and password stand in its address",
    arguments: [403, 407, 503])
  func refusingProxy(answer: Int) async throws {
    let result = try await NestorProgram.run(
      "image pull https://\(answer).test/disk.qcow2 --sha256 \(String(repeating: "0", count: 64)) --name lab 2>&1",
      environment: "\(folders) https_proxy=\(server.address("")) no_proxy=")
    #expect(result.status == (answer == 503 ? 69 : 77), "\(result)")
    let words = answer == 503 ? "it is the proxy that fails" : "it is the proxy that refuses"
    #expect(result.output.contains(words) && result.output.contains("\(answer)"), "\(result)")
    #expect(try await list() == ["tiny"])
  }

  @Test("A pull that is killed leaves no curl behind, and the next one goes on where it was")
  func killed() async throws {
    let size = try #require(FileTree.size("\(server.folder)/disk.qcow2"))
    // Once the half has come that does come, and the note of what it is half of, the program alone is killed, not all
    // that belongs to it.
    let hasHalf =
      "ls $NESTOR_STATE_DIR/downloads/*.note && find $NESTOR_STATE_DIR/downloads -size +\(size / 2 - 1)c | grep ."
    let killer =
      "sh -c '\"$@\" & p=$!; until { \(hasHalf); } >/dev/null 2>&1; do sleep 0.1; done; kill -KILL $p; wait $p' sh"
    let first = try await pull("hang", "--name lab", killer)
    #expect(first.status == 137, "\(first)")
    // pgrep fails where it finds none.
    let address = server.address("hang/disk.qcow2")
    let deadline = ContinuousClock.now + .seconds(200)
    var isRunning = true
    while isRunning, ContinuousClock.now < deadline {
      isRunning = (try? await Program("pgrep", package: "procps").run(["-f", "--", "--url \(address)"])) != nil
    }
    #expect(!isRunning)
    #expect(try await list() == ["tiny"])
    let second = try await pull("hang", "--name lab")
    #expect(second.status == 0 && second.output == "lab\n", "\(second)")
    let requests = try server.requests()
    #expect(requests == ["/hang/disk.qcow2 -", "/hang/disk.qcow2 bytes=\(size / 2)-"], "\(requests)")
    #expect(try FileTree.names(in: scratch.state.images) == ["lab", "tiny"])
    #expect(try FileTree.names(in: scratch.state.downloads) == [])
  }

  @Test("A full disk is told as such, whether it is full in the download or later", arguments: [300, 1100])
  func full(_ kibibytes: Int) async throws {
    let mount =
      "unshare -m sh -c 'mkdir -p $NESTOR_STATE_DIR && mount -t tmpfs -o size=\(kibibytes)k none $NESTOR_STATE_DIR && \"$@\"; status=$?; df --output=avail $NESTOR_STATE_DIR | tail -n 1; exit $status' sh"
    let result = try await pull("good", "--name lab", "NESTOR_STATE_DIR=\(scratch.folder)/small \(mount)")
    #expect(result.status == 73, "\(result)")
    #expect(result.output.contains("free some space"), "\(result)")
    // Guests that write there would stand still.
    let left = try #require(
      result.output.split(separator: "\n").last.flatMap { Int($0.filter(\.isNumber)) }, "\(result)")
    #expect(left >= kibibytes / 20 - 4, "\(left) KiB are left")
  }

  @Test("Options that contradict each other, and values that are none, are refused")
  func options() async throws {
    for options in ["--no-verify", "--sha512 00", "--checksums https://e.org/x"] {
      #expect(try await pull("good", options).status == 64, "\(options)")
    }
    for options in ["--max-size 5", "--max-size many", "--format vmdk", "--mirror https://e.org/"] {
      let result = try await pull("good", options)
      #expect(result.status == 64, "\(result)")
    }
    #expect(try await pull("good", "--name ../x").status == 65)
    #expect(try await list() == ["tiny"] && server.requests() == [])
  }

  @Test("A template of the catalogue says how to get its image, and a name nearly in it is found")
  func hints() async throws {
    let run = try await NestorProgram.run("create debian-12 --print-xml 2>&1", environment: folders)
    #expect(run.status == 66 && run.output.contains("hint: download it: nestor image pull debian-12"), "\(run)")
    let near = try await NestorProgram.run("image pull debian-21 2>&1", environment: folders)
    #expect(near.status == 66 && near.output.contains("did you mean 'debian-1"), "\(near)")
    let catalogue = try await NestorProgram.run("image catalogue -q", environment: folders)
    #expect(catalogue.output.split(separator: "\n").contains("ubuntu-24.04"))
  }

  @Test("Pruning takes parts of downloads and pulled images, and leaves what was built, imported or is in use")
  func prune() async throws {
    #expect(try await pull("good", "--name pulled").status == 0)
    let imported = try await NestorProgram.run(
      "image import \(server.folder)/disk.qcow2 --name imported", environment: folders)
    #expect(imported.status == 0)
    #expect(try await pull("stall", "--name never", "timeout --foreground -s KILL 2").status == 137)
    let hypervisor = try await Hypervisor.connect("test:///default", state: scratch.state)
    let found = try await hypervisor.prunableImages()
    #expect(found.map(\.kind) == [.download, .image])
    #expect(found.map(\.name) == [server.address("stall/disk.qcow2"), "pulled"] && found.allSatisfy { $0.size > 0 })
    let shown = try await NestorProgram.run(
      "image prune --dry-run -q --connect test:///default", environment: folders)
    #expect(shown.status == 0 && shown.output == found.map { $0.name + "\n" }.joined())
    #expect(try await list() == ["imported", "pulled", "tiny"])
    let key = try #require(found[0].key)
    do {
      let lock = try #require(try FileLock.tryAcquire(scratch.state.lock("download", key)))
      defer { withExtendedLifetime(lock) {} }
      #expect(try await hypervisor.prunableImages().map(\.kind) == [.image], "somebody downloads it right now")
    }
    let pruned = try await NestorProgram.run("image prune --connect test:///default", environment: folders)
    #expect(pruned.status == 0)
    #expect(try await list() == ["imported", "tiny"])
    #expect(try FileTree.names(in: scratch.state.downloads) == [])
    #expect(try await hypervisor.prunableImages() == [])
  }

  @Test("A pulled image that a guest was made from is neither pruned nor deleted nor replaced")
  func used() async throws {
    #expect(try await pull("good", "--name pulled").status == 0)
    let file = "\(scratch.folder)/node.xml"
    let record = GuestRecord(stage: .complete, template: "t", diskImages: ["pulled": "x"]).tree()
    let guest = """
      <node><domain type='test'><name>web</name><memory>1024</memory><os><type>hvm</type></os>
      <metadata>\(try record.serialized())</metadata></domain></node>
      """
    try FileTree.write(Array(guest.utf8), to: file)
    let hypervisor = try await Hypervisor.connect("test://\(file)", state: scratch.state)
    #expect(try await hypervisor.prunableImages() == [])
    let deletion = await #expect(throws: NestorError.self) { try await hypervisor.deleteImage("pulled") }
    #expect(deletion?.code == .busy && deletion?.cause == "guests were made from it: web")
    let replaced = try await pull("good", "--name pulled --replace --connect test://\(file)")
    #expect(replaced.status == 75 && replaced.output.contains("guests were made from it: web"), "\(replaced)")
    #expect(try await list() == ["pulled", "tiny"])
  }
}
