import Glibc
import NestorSupport
import Testing

@testable import NestorCore

@Suite("The parts of the Debian image")
struct DebianImageTests {
  @Test("The boot record keeps the code and names one partition up to the end, as blkid sees too")
  func record() async throws {
    let code = (0..<512).map { UInt8(truncatingIfNeeded: $0) }
    let record = try #require(MasterBootRecord.bytes(code: code, signature: 0x1234_abcd, sectors: 4_194_304))
    #expect(record.count == 512 && record.prefix(440) == code.prefix(440))
    let scratch = try ScratchState()
    let path = try scratch.write("disk", "")
    try FileTree.write(record, to: path)
    try #require(truncate(path, 2 << 30) == 0)
    let table = try await Program("blkid", package: "util-linux").run(["-p", "-o", "export", path])
    #expect(table.contains("PTTYPE=dos") && table.contains("PTUUID=1234abcd"), "\(table)")
    let partition = try await Program("partx", package: "util-linux").run(
      ["-g", "-r", "-o", "START,END,TYPE,FLAGS", path])
    #expect(partition == "2048 4194303 0x83 0x80\n")
  }

  @Test("A disk that is too small or too large, and code that is none, make no boot record")
  func noRecord() {
    let code = [UInt8](repeating: 0, count: 512)
    #expect(MasterBootRecord.bytes(code: code, signature: 1, sectors: 2048) == nil)
    #expect(MasterBootRecord.bytes(code: code, signature: 1, sectors: 1 << 32) == nil)
    #expect(MasterBootRecord.bytes(code: [], signature: 1, sectors: 4096) == nil)
    #expect(MasterBootRecord.bytes(code: code, signature: 1, sectors: 4096) != nil)
  }

  @Test("The machine's own sources of Debian serve for another suite as well; others do not count")
  func sources() {
    let text = """
      Debian|main|http://mirror.lan/debian/|bookworm
      Debian|main|http://mirror.lan/debian/|bookworm
      Debian|contrib|http://mirror.lan/debian/|bookworm
      Debian|main|http://mirror.lan/debian/|bookworm-updates
      Debian Backports|main|http://mirror.lan/debian/|bookworm-backports
      Debian|main|http://mirror.lan/security/|bookworm-security
      Google|main|http://else.where/|bookworm
      nonsense
      """
    func shown(_ suite: String) -> [String] { AptSources.entries(text, suite: suite).map { "\($0.uri) \($0.release)" } }
    #expect(
      shown("bookworm") == [
        "http://mirror.lan/debian/ bookworm", "http://mirror.lan/debian/ bookworm-updates",
        "http://mirror.lan/security/ bookworm-security",
      ])
    #expect(
      shown("trixie") == [
        "http://mirror.lan/debian/ trixie", "http://mirror.lan/debian/ trixie-updates",
        "http://mirror.lan/security/ trixie-security",
      ])
    #expect(AptSources.entries("Ubuntu|main|http://u/|noble\n", suite: "trixie") == [])
  }

  @Test("A suite without a recipe is refused with those that there are")
  func suites() async throws {
    let scratch = try ScratchState()
    let error = await #expect(throws: NestorError.self) {
      try await ImageBuilder(scratch.state).buildDebian(suite: "sid")
    }
    #expect(error?.code == .invalidArgument && error?.hint == "one of: bookworm, trixie")
    #expect(try FileTree.names(in: scratch.state.images) == ["tiny"])
  }

  @Test("A guarded program's lines are handed on, and its last ones are the cause when it fails")
  func guarded() async throws {
    let lines = Lines()
    let error = await #expect(throws: NestorError.self) {
      try await Program("sh", package: "dash").runGuarded(["-c", "echo one >&2; echo two >&2; exit 3"]) {
        lines.add($0)
      }
    }
    #expect(error?.cause == "one; two" && lines.all == ["one", "two"])
    try await Program("sh", package: "dash").runGuarded(["-c", "echo three >&2"]) { lines.add($0) }
    #expect(lines.all == ["one", "two", "three"])
  }

  @Test("A guarded program that is cancelled ends with all that it started", .timeLimit(.minutes(1)))
  func cancelled() async throws {
    let scratch = try ScratchState()
    let sign = "\(scratch.folder)/alive"
    let lines = Lines()
    let task = Task {
      try await Program("sh", package: "dash").runGuarded(
        ["-c", "(while :; do touch \(sign); sleep 0.05; done) & echo up >&2; sleep 1000"]
      ) { lines.add($0) }
    }
    while lines.all.isEmpty || !FileTree.exists(sign) { try await Task.sleep(for: .milliseconds(5)) }
    task.cancel()
    _ = await task.result
    // What is gone makes no more signs: the file stays away once it is removed, for far longer than the loop's pause.
    try await Task.sleep(for: .milliseconds(200))
    try FileTree.remove(sign)
    try await Task.sleep(for: .milliseconds(400))
    #expect(!FileTree.exists(sign))
  }
}
