import Glibc
import GuestAgent
import GuestClient
import GuestProtocol
import GuestTransport
import NestorSupport
import Testing

/// What a hostile sender may try; the agent's side and the client's are the same writer.
@Suite struct TreeWriterTests {
  let folder: CopyFolder

  init() throws {
    folder = try CopyFolder()
    try folder.shell("mkdir in outside; printf secret > outside/file; ln -s ../outside in/link")
  }

  private func writer(_ change: (inout TreeWriter.Options) -> Void = { _ in }) throws -> TreeWriter {
    var options = TreeWriter.Options()
    change(&options)
    return try TreeWriter(folder.bytes("in"), options: options)
  }

  private func entry(
    _ kind: FileEntry.Kind, _ path: String, size: UInt64 = 0, target: String = "",
    _ change: (inout FileEntry) -> Void = { _ in }
  ) -> FileEntry {
    var entry = FileEntry()
    entry.kind = kind
    entry.path = Array(path.utf8)
    entry.size = size
    entry.target = Array(target.utf8)
    entry.mode = 0o755
    change(&entry)
    return entry
  }

  private func send(_ text: String, as entry: FileEntry, to writer: TreeWriter) throws {
    try writer.take(entry)
    try Array(text.utf8).withUnsafeBytes { try writer.take(data: $0) }
    try writer.take(end(of: text))
  }

  private func end(of text: String, _ change: (inout FileEnd) -> Void = { _ in }) -> FileEnd {
    var digest = FileDigest()
    Array(text.utf8).withUnsafeBytes { digest.add($0) }
    var end = FileEnd()
    end.digest = digest.bytes
    change(&end)
    return end
  }

  /// Everything in the test's folder but what a test made inside the destination.
  private func expectUntouched(_ inside: String = "") throws {
    #expect(
      try folder.shell("find outside in -mindepth 1 | sort; cat outside/file; ls -A")
        == "in/link\n\(inside)outside/file\nsecretin\noutside\n")
  }

  @Test(
    "a name that is no plain name is refused, for every kind of entry",
    arguments: [
      "", ".", "..", "../x", "/x", "/", "//", "x/", "a/../../x", "./x", "x/.", "link/x", "a//b", "x\0y", "x\0",
      String(repeating: "n", count: 256), String(repeating: "n/", count: 16_001),
    ])
  func names(_ name: String) throws {
    for kind in [FileEntry.Kind.file, .folder, .folderEnd, .symbolicLink, .hardLink, .fifo, .none] {
      let writer = try writer()
      #expect(throws: OperationFailure.self) { try writer.take(entry(kind, name, target: "x")) }
    }
    try expectUntouched()
  }

  @Test("a path through a link that was there, or that came in the same copy, is refused")
  func throughLinks() throws {
    let writer = try writer()
    #expect(throws: OperationFailure.self) { try writer.take(entry(.folder, "link")) }
    #expect(throws: OperationFailure.self) { try writer.take(entry(.file, "link/x")) }
    try writer.take(entry(.symbolicLink, "new", target: "../outside"))
    let failure = #expect(throws: OperationFailure.self) { try writer.take(entry(.folder, "new")) }
    #expect(failure?.error.number == ENOTDIR)
    #expect(throws: OperationFailure.self) { try writer.take(entry(.file, "new/x")) }
    #expect(throws: OperationFailure.self) { try writer.take(entry(.hardLink, "hard", target: "link/file")) }
    #expect(throws: OperationFailure.self) { try writer.take(entry(.hardLink, "hard", target: "new/file")) }
    try expectUntouched("in/new\n")
  }

  @Test("a folder that is exchanged for a link while it is being copied does not lead out")
  func exchanged() throws {
    let writer = try writer()
    // Deep enough that the outer folders' descriptors are closed and opened again.
    var path = "a"
    try writer.take(entry(.folder, path))
    var folders = [path]
    for _ in 0..<40 {
      path += "/a"
      folders.append(path)
      try writer.take(entry(.folder, path))
    }
    try folder.shell("mv in/a moved; ln -s ../moved in/a")
    var failures = 0
    for path in folders.reversed() {
      do {
        try writer.take(entry(.folderEnd, path))
      } catch {
        failures += 1
        #expect(error.error.number == ENOTDIR)
        break
      }
    }
    #expect(failures == 1)
    try folder.shell("rm -r moved in/a")
    try expectUntouched()
  }

  @Test("an entry belongs into the folder that is open")
  func order() throws {
    let writer = try writer()
    try writer.take(entry(.folder, "a"))
    for path in ["b", "a", "ab", "ab/c", "b/c", "a/b/c", "a/../x", "a/..", "a/", "a/."] {
      let failure = #expect(throws: OperationFailure.self) { try writer.take(entry(.file, path)) }
      #expect(failure?.error.code == .escape)
    }
    #expect(throws: OperationFailure.self) { try writer.take(entry(.folderEnd, "b")) }
    #expect(throws: OperationFailure.self) { _ = try writer.finish() }
    try writer.take(entry(.folderEnd, "a"))
    #expect(throws: OperationFailure.self) { try writer.take(entry(.folderEnd, "a")) }
    #expect(try writer.finish().folders == 1)
    try folder.shell("rmdir in/a")
    try expectUntouched()
  }

  @Test("a hard link is made to nothing but a file of the same copy")
  func hardLinks() throws {
    try folder.shell("printf old > in/old")
    let writer = try writer()
    try send("text", as: entry(.file, "marked", size: 4) { $0.hasLinks = true }, to: writer)
    try send("text", as: entry(.file, "unmarked", size: 4), to: writer)
    for target in ["../outside/file", "/etc/passwd", "old", "unmarked", "none", "link", "", ".", "..", "link/file"] {
      let failure = #expect(throws: OperationFailure.self) { try writer.take(entry(.hardLink, "hard", target: target)) }
      #expect(failure?.error.code == .escape)
    }
    try writer.take(entry(.hardLink, "hard", target: "marked"))
    try writer.take(entry(.hardLink, "hard", target: "marked"))
    try writer.take(entry(.hardLink, "marked", target: "hard"))
    #expect(try folder.shell("cd in; stat -c %h marked hard unmarked; rm hard marked unmarked old") == "2\n2\n1\n")
    try expectUntouched()
  }

  @Test("a file that is longer, shorter or other than announced is refused and removed")
  func lies() throws {
    let text = "some text"
    let size = UInt64(text.utf8.count)
    let attempts: [(String, ProtocolError.Code, (TreeWriter) throws -> Void)] = [
      ("more", .invalid, { try send(text, as: entry(.file, "x", size: size - 1), to: $0) }),
      ("less", .invalid, { try send(text, as: entry(.file, "x", size: size + 1), to: $0) }),
      (
        "hole", .invalid,
        {
          try $0.take(entry(.file, "x", size: size))
          try $0.take(hole: size + 1)
        }
      ),
      (
        "huge hole", .invalid,
        {
          try $0.take(entry(.file, "x", size: size))
          try $0.take(hole: .max)
        }
      ),
      (
        "huge hole in a stream", .invalid,
        {
          try $0.take(entry(.file, "x") { $0.isUnbounded = true })
          try $0.take(hole: UInt64(Int64.max))
          try $0.take(hole: 1)
        }
      ),
      ("huge size", .invalid, { try $0.take(entry(.file, "x", size: UInt64(Int64.max) + 1)) }),
      (
        "largest size", .system,
        {
          try $0.take(entry(.file, "x", size: UInt64(Int64.max)))
          try $0.take(hole: UInt64(Int64.max))
          var digest = FileDigest()
          digest.addHole(UInt64(Int64.max))
          try $0.take(end(of: "") { $0.digest = digest.bytes })
        }
      ),
      (
        "digest", .checksum,
        {
          try $0.take(entry(.file, "x", size: size))
          try Array(text.utf8).withUnsafeBytes { [writer = $0] in try writer.take(data: $0) }
          try $0.take(end(of: "some text."))
        }
      ),
      (
        "no digest", .checksum,
        {
          try $0.take(entry(.file, "x"))
          try $0.take(FileEnd())
        }
      ),
      (
        "next entry", .unexpected,
        {
          try $0.take(entry(.file, "x", size: size))
          try $0.take(entry(.file, "y", size: size))
        }
      ),
      (
        "end", .unexpected,
        {
          try $0.take(entry(.file, "x", size: size))
          _ = try $0.finish()
        }
      ),
      ("time", .invalid, { try $0.take(entry(.file, "x") { $0.modifiedNanoseconds = 1_000_000_000 }) }),
      ("no target", .invalid, { try $0.take(entry(.symbolicLink, "x")) }),
      (
        "long target", .invalid,
        {
          try $0.take(entry(.symbolicLink, "x", target: String(repeating: "n", count: 4_096)))
        }
      ),
      ("target with NUL", .invalid, { try $0.take(entry(.symbolicLink, "x", target: "a\0b")) }),
      ("no file", .unexpected, { try Array(text.utf8).withUnsafeBytes { [writer = $0] in try writer.take(data: $0) } }),
      ("no file for a hole", .unexpected, { try $0.take(hole: 1) }),
      ("no file for a digest", .unexpected, { try $0.take(end(of: "")) }),
    ]
    for (name, code, attempt) in attempts {
      let writer = try writer()
      let failure = #expect(throws: OperationFailure.self, "\(name)") { try attempt(writer) }
      #expect(failure?.error.code == code, "\(name): \(String(describing: failure))")
    }
    // Writers are gone by now, and what they had begun with them.
    try expectUntouched()
  }

  @Test("what was at a file's place stays until the new one is complete")
  func replacing() throws {
    try folder.shell("printf old > in/x")
    do {
      let writer = try writer()
      try writer.take(entry(.file, "x", size: 9))
      #expect(try folder.shell("cat in/x") == "old")
      #expect(try folder.unfinished() != "")
    }
    #expect(try folder.unfinished() == "")
    let writer = try writer()
    try send("new", as: entry(.file, "x", size: 3), to: writer)
    #expect(try folder.shell("cat in/x; rm in/x") == "new")
    try expectUntouched()
  }

  @Test("a destination that becomes a name of its own takes one thing only")
  func oneThing() throws {
    let writer = try TreeWriter(folder.bytes("in/new"), options: TreeWriter.Options())
    try writer.take(entry(.folder, "top"))
    try send("text", as: entry(.file, "top/x", size: 4) { $0.hasLinks = true }, to: writer)
    try writer.take(entry(.hardLink, "top/y", target: "top/x"))
    try writer.take(entry(.folderEnd, "top"))
    #expect(throws: OperationFailure.self) { try writer.take(entry(.file, "other")) }
    #expect(throws: OperationFailure.self) { try writer.take(entry(.file, "new")) }
    #expect(try folder.shell("find in/new | sort; cat in/new/y; rm -r in/new") == "in/new\nin/new/x\nin/new/y\ntext")
    try expectUntouched()
  }

  @Test("an agent refuses a hostile client, is told why, and goes on serving it")
  func overTheChannel() throws {
    let pair = try AgentPair()
    let client = try RawPeer.client(of: pair, timeout: .seconds(200))
    let loop = SessionLoop(client.connection, terms: client.terms)
    for name in ["../x", "/x", "link/x", "x\0y"] {
      let work = HostileWork(client.connection, to: folder.bytes("in"), [entry(.file, name)])
      #expect(throws: OperationFailure.self) { try loop.run(work) }
    }
    let work = HostileWork(client.connection, to: folder.bytes("in"), [entry(.file, "x", size: 1 << 40)], cancels: true)
    let failure = #expect(throws: OperationFailure.self) { try loop.run(work) }
    #expect(failure?.error.code == .cancelled)
    try expectUntouched()
  }
}

/// A client that puts entries without heeding what it should.
final class HostileWork: SessionWork {
  private let connection: FrameConnection
  private let path: [UInt8]
  private let entries: [FileEntry]
  private let cancels: Bool
  private(set) var isFinished = false

  init(_ connection: FrameConnection, to path: [UInt8], _ entries: [FileEntry], cancels: Bool = false) {
    self.connection = connection
    self.path = path
    self.entries = entries
    self.cancels = cancels
  }

  func begin() {
    var request = PutRequest()
    request.path = path
    connection.send(.request, Request(.put, request.encoded))
    for entry in entries { connection.send(.entry, entry) }
    if cancels { connection.send(.cancel) }
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    switch header.type {
    case .failure: throw OperationFailure(try Failure(decoding: Array(payload)).error)
    case .done: isFinished = true
    default: break
    }
  }
}
