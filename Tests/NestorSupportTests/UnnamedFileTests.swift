import Glibc
import NestorTestSupport
import Testing

@testable import NestorSupport

@Suite("A file without a name")
struct UnnamedFileTests {
  private let scratch: ScratchState
  private var names: [String] { (try? FileTree.names(in: "\(scratch.folder)/it")) ?? [] }

  init() throws {
    scratch = try ScratchState()
    try FileTree.makeDirectory("\(scratch.folder)/it")
  }

  /// What an old kernel, or a file system without such files, makes of the flag.
  private static let unknownFlag = O_DIRECTORY

  @Test("is reached by its path, on any file system, and is gone with its value", arguments: [true, false])
  func unnamed(isKnown: Bool) throws {
    let directory = "\(scratch.folder)/it"
    do {
      let file =
        isKnown
        ? try UnnamedFile(in: directory) : try UnnamedFile(in: directory, isToBeNamed: false, flag: Self.unknownFlag)
      #expect(names == [])
      let other = open(file.path, O_WRONLY)
      #expect(write(other, "text", 4) == 4)
      close(other)
      #expect(try file.size() == 4)
      var mode = stat()
      #expect(fstat(file.descriptor, &mode) == 0 && mode.st_mode & 0o777 == 0o600)
      withExtendedLifetime(file) {}
    }
    #expect(names == [])
  }

  @Test("gets a name that nothing has, and else stays without")
  func named() throws {
    let directory = "\(scratch.folder)/it"
    let file = try UnnamedFile(in: directory, isToBeNamed: true)
    #expect(write(file.descriptor, "text", 4) == 4)
    try scratch.write("it/old", "old")
    let taken = #expect(throws: SystemError.self) { try file.link(as: "\(directory)/old") }
    #expect(taken?.number == EEXIST)
    try file.link(as: "\(directory)/new")
    #expect(try names == ["new", "old"] && FileTree.readText("\(directory)/new") == "text")
    #expect(try FileTree.readText("\(directory)/old") == "old")
    let unable = #expect(throws: SystemError.self) {
      _ = try UnnamedFile(in: directory, isToBeNamed: true, flag: Self.unknownFlag)
    }
    #expect(unable?.number == EOPNOTSUPP)
    let missing = #expect(throws: SystemError.self) { _ = try UnnamedFile(in: "\(directory)/no") }
    #expect(missing?.number == ENOENT && names == ["new", "old"])
  }
}
