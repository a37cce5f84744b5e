import Glibc
import NestorSupport
import Templates
import Testing

@Suite("A template's file")
struct TemplateFileTests {
  private func message(of path: String) throws -> String? {
    let library = TemplateLibrary(searchPath: [])
    let error = #expect(throws: TemplateErrors.self) { try library.load(path) }
    return error?.problems.first?.message
  }

  @Test("of ten megabytes is refused")
  func tooLarge() throws {
    let scratch = try ScratchFolder()
    let file = try scratch.write("big.yaml", bytes: [UInt8](repeating: UInt8(ascii: "#"), count: 10 << 20))
    #expect(try message(of: file) == "The template has 10485760 bytes; at most 1048576 are read")
  }

  @Test("that is a device, a directory or a FIFO is refused at once")
  func notRegular() throws {
    #expect(try message(of: "/dev/zero") == "The template must be a regular file; this is a character device")
    let scratch = try ScratchFolder()
    #expect(try message(of: scratch.path) == "The template must be a regular file; this is a directory")
    let fifo = scratch.path + "/fifo.yaml"
    try #require(mkfifo(fifo, 0o644) == 0)
    #expect(try message(of: fifo) == "The template must be a regular file; this is a FIFO")
  }

  @Test("that is missing is reported with the nearest name")
  func missing() throws {
    let scratch = try ScratchFolder()
    try scratch.write("tiny.yaml", "cpus: 1\n")
    let library = TemplateLibrary(searchPath: ["/nonexistent", scratch.path])
    let byName = #expect(throws: TemplateErrors.self) { try library.load("tinny") }
    #expect(byName?.problems.first?.description == "There is no template 'tinny' (did you mean 'tiny'?)")
    #expect(byName?.nestorError.code == .templateNotFound)
    let byPath = #expect(throws: TemplateErrors.self) { try library.load(scratch.path + "/tinny.yaml") }
    #expect(byPath?.problems.first?.hint == "did you mean 'tiny.yaml'?")
    let far = #expect(throws: TemplateErrors.self) { try library.load("elephant") }
    #expect(far?.problems.first?.hint == "looked in /nonexistent, \(scratch.path)")
  }

  @Test(
    "is never sought by a name that could leave the search path",
    arguments: [
      "..", "a..b", "a\0b", "a\nb", "", ".hidden", "é", String(repeating: "x", count: 300),
    ])
  func hostileNames(name: String) throws {
    let library = TemplateLibrary(searchPath: ["/etc"])
    let error = #expect(throws: TemplateErrors.self) { try library.load(name) }
    #expect(error?.problems.first?.kind == .name)
    #expect(error?.nestorError.code == .invalidName)
  }

  @Test("a path with control characters is refused", arguments: ["a/\n.yaml", "/etc/pass\0wd", "\u{1}.yaml"])
  func hostilePaths(path: String) throws {
    let error = #expect(throws: TemplateErrors.self) { try TemplateLibrary(searchPath: []).load(path) }
    #expect(error?.problems.first?.kind == .name)
  }

  @Test("whose name has control characters cannot forge lines of a message")
  func messagesStayOneLine() {
    let error = TemplateError("bad\nworse", at: SourceLocation(file: "a\u{1B}[2J\nb", line: 1, column: 2))
    #expect(error.description == "a?[2J?b:1:2: bad?worse")
  }
}
