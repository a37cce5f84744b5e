import NestorSupport
import NestorTestSupport
import Testing

@testable import Processes

@Suite("Programs within limits", .timeLimit(.minutes(20)))
struct ProgramLimitsTests {
  private let scratch: ScratchState
  private let output: String

  init() throws {
    scratch = try ScratchState()
    output = "\(scratch.folder)/a file"
  }

  private func run(_ script: String, _ limits: ProgramLimits) async throws {
    try await Program("sh", package: "dash").runLimited(["-c", script], limits, output: output)
  }

  @Test("A program that writes more than it may is ended, with that as the reason")
  func fileSize() async throws {
    let error = await #expect(throws: NestorError.self) {
      try await run("exec head -c 10M /dev/zero", ProgramLimits(fileSize: 1 << 20))
    }
    #expect(FileTree.size(output) == 1 << 20)
    #expect(error.map { ProgramLimits.hasReachedFileSize($0) } == true, "\(error as Any)")
  }

  @Test(
    "That reason is known by what a program says, and by its status where it said nothing",
    arguments: [
      ("head: error writing 'standard output': File too large", true), ("signaled(25)", true), ("exited(153)", true),
      ("exited(15)", false), ("No space left on device", false), (nil, false),
    ])
  func reason(cause: String?, expected: Bool) {
    let error = NestorError(.failed, "head failed", cause: cause)
    #expect(ProgramLimits.hasReachedFileSize(error) == expected)
  }

  @Test("A program that works without end, or asks for too much memory, is ended")
  func endless() async throws {
    await #expect(throws: NestorError.self) {
      try await run("while :; do :; done", ProgramLimits(time: .seconds(1), fileSize: 0))
    }
    await #expect(throws: NestorError.self) {
      try await run("exec head -c 1G /dev/zero | tail -c 1G >/dev/null", ProgramLimits(memory: 100 << 20, fileSize: 0))
    }
  }

  @Test("A program that is not there is named with its package; paths with odd letters do")
  func missing() async throws {
    let error = await #expect(throws: NestorError.self) {
      try await Program("no-such-program", package: "none").runLimited([], ProgramLimits(fileSize: 1))
    }
    #expect(error?.code == .unavailable && error?.hint == "install it: apt-get install none")
    try await run("echo '$HOME \"x\"'", ProgramLimits(fileSize: 100))
    #expect(try FileTree.readText(output) == "$HOME \"x\"\n")
  }
}
