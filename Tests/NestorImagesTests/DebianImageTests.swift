import Glibc
import NestorSupport
import NestorTestSupport
import Processes
import Testing

@testable import NestorImages

@Suite("The parts of the Debian image")
struct DebianImageTests {
  private typealias Partition = MasterBootRecord.Partition

  private static let code = (0..<512).map { UInt8(truncatingIfNeeded: $0) }

  @Test("The boot record keeps the code and names the partitions, as blkid and partx see too")
  func record() async throws {
    let partitions = [
      Partition(kind: .efiSystem, start: 2048, end: 34816), Partition(kind: .linux, start: 34816, end: 4_194_304),
    ]
    let record = try #require(
      MasterBootRecord.bytes(code: Self.code, signature: 0x1234_abcd, partitions: partitions))
    #expect(record.count == 512 && record.prefix(440) == Self.code.prefix(440))
    let scratch = try ScratchState()
    let path = try scratch.write("disk", "")
    try FileTree.write(record, to: path)
    try #require(truncate(path, 2 << 30) == 0)
    let table = try await Program("blkid", package: "util-linux").run(["-p", "-o", "export", path])
    #expect(table.contains("PTTYPE=dos") && table.contains("PTUUID=1234abcd"), "\(table)")
    let seen = try await Program("partx", package: "util-linux").run(["-g", "-r", "-o", "START,END,TYPE,FLAGS", path])
    #expect(seen == "2048 34815 0xef 0x0\n34816 4194303 0x83 0x80\n")
  }

  @Test(
    "Partitions that lie on one another, on the code or too far out make no boot record, nor does code that is none")
  func noRecord() {
    func isMade(_ ranges: [(UInt64, UInt64)], code: [UInt8] = Self.code) -> Bool {
      let partitions = ranges.map { Partition(kind: .linux, start: $0.0, end: $0.1) }
      return MasterBootRecord.bytes(code: code, signature: 1, partitions: partitions) != nil
    }
    #expect(isMade([(2048, 1 << 32)]) && isMade([(1, 2), (2, 3), (3, 4), (4, 5)]) && isMade([]))
    #expect(!isMade([(2048, 2048)]) && !isMade([(0, 5)]) && !isMade([(8, 16), (15, 20)]))
    #expect(!isMade([(2048, 1 << 32 + 1)]) && !isMade([(1 << 32, 1 << 33)]))
    #expect(!isMade([(1, 2), (2, 3), (3, 4), (4, 5), (5, 6)]) && !isMade([], code: []))
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
}
