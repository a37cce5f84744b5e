import NestorSupport
import NestorTestSupport
import Testing

@testable import Processes

@Suite("Other programs")
struct ProgramTests {
  private let shell = Program("sh", package: "dash")
  private let scratch: ScratchState

  init() throws {
    scratch = try ScratchState()
  }

  @Test("A program reads nothing, a text or a file, and what it prints comes back")
  func input() async throws {
    let cat = Program("cat", package: "coreutils")
    #expect(try await cat.run([]) == "")
    #expect(try await cat.run([], input: .text("one\ntwo")) == "one\ntwo")
    let file = "\(scratch.folder)/a file"
    try FileTree.write(Array("three".utf8), to: file)
    #expect(try await cat.run([], input: .file(file)) == "three")
    let error = await #expect(throws: NestorError.self) { try await cat.run([], input: .file("\(file)s")) }
    #expect(error?.message == "cannot read \(file)s")
  }

  @Test("A program runs in a directory, with this process's environment and what is put over it")
  func environment() async throws {
    #expect(try await shell.run(["-c", "pwd"], directory: scratch.folder) == "\(scratch.folder)\n")
    let told = try await shell.run(
      ["-c", "echo $PATH:$LC_ALL:$WORD:${HOME:+home}"], environment: ["WORD": "a b", "LC_ALL": "C"])
    #expect(told == "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:C:a b:home\n")
  }

  @Test("How a program ends is told, and is an error where its work is needed")
  func failure() async throws {
    let result = try await shell.result(["-c", "echo out; echo err >&2; exit 3"])
    #expect(result == ProgramResult(end: .exited(3), output: "out\n", errors: "err\n") && result.status == 3)
    #expect(try await shell.result(["-c", "kill -KILL $$"]).status == 137)
    let error = await #expect(throws: NestorError.self) {
      try await shell.run(["-c", "seq 9 >&2; exit 1"])
    }
    #expect(error?.message == "`sh -c seq 9 >&2; exit 1` failed" && error?.cause == "5; 6; 7; 8; 9")
    let silent = await #expect(throws: NestorError.self) { try await shell.run(["-c", "kill -TERM $$"]) }
    #expect(silent?.cause == "signaled(15)")
  }

  @Test("A program that is not there is named with its package", arguments: ["no-such-program", "/nowhere/program"])
  func missing(_ name: String) async throws {
    let error = await #expect(throws: NestorError.self) { try await Program(name, package: "none").run([]) }
    #expect(error?.code == .unavailable && error?.message == "\(name) is not installed")
    #expect(error?.hint == "install it: apt-get install none")
  }
}
