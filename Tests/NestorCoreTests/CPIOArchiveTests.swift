import NestorSupport
import NestorTestSupport
import Processes
import Testing

@testable import NestorCore

@Suite("An archive for the kernel")
struct CPIOArchiveTests {
  private let scratch: ScratchState

  init() throws {
    scratch = try ScratchState()
  }

  /// What cpio says of an archive, a line for each entry: mode, owner, group, size, name.
  private func list(_ bytes: [UInt8]) async throws -> [String] {
    let path = "\(scratch.folder)/archive"
    try FileTree.write(bytes, to: path)
    let lines = try await Program("cpio", package: "cpio").run(["--quiet", "-itvn", "-F", path])
    return lines.split(separator: "\n").map { line in
      let words = line.split(separator: " ", omittingEmptySubsequences: true)
      return [words[0], words[2], words[3], words[4], words[8]].joined(separator: " ")
    }
  }

  @Test("cpio reads what was written: names, modes, sizes, and root as the owner of all")
  func listed() async throws {
    var archive = CPIOArchive()
    archive.addFolder("etc")
    archive.addFolder("etc/nestor", mode: 0o700)
    try archive.addFile("etc/nestor/key", mode: 0o600, Array("secret".utf8))
    try archive.addFile("empty", mode: 0o755, [])
    #expect(
      try await list(archive.bytes) == [
        "drwxr-xr-x 0 0 0 etc", "drwx------ 0 0 0 etc/nestor", "-rw------- 0 0 6 etc/nestor/key",
        "-rwxr-xr-x 0 0 0 empty",
      ])
  }

  @Test("cpio takes out what was put in, byte for byte, whatever the lengths of name and content")
  func extracted() async throws {
    var archive = CPIOArchive()
    var generator = SystemRandomNumberGenerator()
    let contents = (0..<40).map { length in (0..<length * 7).map { _ in UInt8.random(in: 0...255, using: &generator) } }
    for (number, content) in contents.enumerated() {
      try archive.addFile(String(repeating: "n", count: number + 1), mode: 0o644, content)
    }
    #expect(archive.bytes.count % 4 == 0)
    let path = "\(scratch.folder)/archive"
    try FileTree.write(archive.bytes, to: path)
    try FileTree.makeDirectory("\(scratch.folder)/out")
    try await Program("cpio", package: "cpio").run(["--quiet", "-i", "-F", path], directory: "\(scratch.folder)/out")
    for (number, content) in contents.enumerated() {
      #expect(try FileTree.read("\(scratch.folder)/out/" + String(repeating: "n", count: number + 1)) == content)
    }
  }

  @Test("Equal content gives equal bytes")
  func stable() throws {
    func make() throws -> [UInt8] {
      var archive = CPIOArchive()
      archive.addFolder("a")
      try archive.addFile("a/b", mode: 0o600, [1, 2, 3])
      return archive.bytes
    }
    #expect(try make() == make())
  }
}
