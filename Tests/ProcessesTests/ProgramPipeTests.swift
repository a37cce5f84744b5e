import Glibc
import NestorSupport
import NestorTestSupport
import Testing

@testable import Processes

@Suite("A program at the end of a pipe")
struct ProgramPipeTests {
  private let scratch: ScratchState
  private let shell = Program("sh", package: "dash")

  init() throws {
    scratch = try ScratchState()
    // As this library's programs do.
    signal(SIGPIPE, SIG_IGN)
  }

  /// Writes on a thread of its own: while that blocks, the program has yet to start.
  private func write(_ text: String, to descriptor: Int32) async throws {
    try await BlockingWork.throwing {
      let bytes = Array(text.utf8)
      guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw SystemError("write") }
    }
  }

  /// All that comes, to its end.
  private func read(_ descriptor: Int32) async throws -> String {
    try await BlockingWork.throwing {
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 100)
      while true {
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { throw SystemError("read") }
        if count == 0 { return String(decoding: bytes, as: UTF8.self) }
        bytes += buffer.prefix(count)
      }
    }
  }

  @Test("gets what is written, up to the end, and its output lands in the file", .timeLimit(.minutes(20)))
  func feeding() async throws {
    let file = try UnnamedFile(in: scratch.folder)
    try await Program("tr", package: "coreutils").run(["a", "b"], to: file.descriptor) {
      try await write("banana", to: $0)
    }
    let content = open(file.path, O_RDONLY)
    defer { close(content) }
    #expect(try await read(content) == "bbnbnb")
  }

  @Test("is read to its end, and how it ended is known there", .timeLimit(.minutes(20)))
  func reading() async throws {
    let input = open(try scratch.write("input", "banana"), O_RDONLY)
    defer { close(input) }
    let text = try await Program("tr", package: "coreutils").run(["a", "b"], from: input) { output, ended in
      let text = try await read(output)
      try await ended()
      return text
    }
    #expect(text == "bbnbnb")
    let told = Lines()
    let failure = await #expect(throws: PipeFailure.self) {
      try await shell.run(["-c", "printf ab; echo sh: no more >&2; exit 3"], from: input) { output, ended in
        told.add(try await read(output))
        do { try await ended() } catch { told.add("it failed") }
      }
    }
    #expect(told.all == ["ab", "it failed"] && failure?.reason == "no more")
    #expect(failure?.explained("cannot", hint: nil) == NestorError(.failed, "cannot", cause: "no more"))
  }

  @Test("tells why, where what it wrote ended too early or what is for it is not taken", .timeLimit(.minutes(20)))
  func early() async throws {
    let failure = await #expect(throws: PipeFailure.self) {
      try await shell.run(["-c", "echo 'No space left on device' >&2; exit 1"], from: 0) { output, _ in
        _ = try await read(output)
        throw UnexpectedEnd()
      }
    }
    #expect(failure?.explained("cannot", hint: nil).code == .noSpace)
    await #expect(throws: UnexpectedEnd.self) {
      try await shell.run(["-c", "exit 0"], from: 0) { _, _ in throw UnexpectedEnd() }
    }
    let file = try UnnamedFile(in: scratch.folder)
    let full = await #expect(throws: PipeFailure.self) {
      try await shell.run(["-c", "exec <&-; echo no >&2; exit 1"], to: file.descriptor) { input in
        while true { try await write("x", to: input) }
      }
    }
    #expect(full?.reason == "no")
    let done = await #expect(throws: SystemError.self) {
      try await shell.run(["-c", "exit 0"], to: file.descriptor) { input in
        while true { try await write("x", to: input) }
      }
    }
    #expect(done?.number == EPIPE)
  }

  @Test(
    "is ended where the other end fails, or its task is cancelled, and one that is not there keeps nobody waiting",
    .timeLimit(.minutes(20)))
  func ended() async throws {
    struct Refusal: Error {}
    let file = try UnnamedFile(in: scratch.folder)
    await #expect(throws: Refusal.self) {
      try await shell.run(["-c", "exec sleep 1000"], from: 0) { _, _ in throw Refusal() }
    }
    await #expect(throws: Refusal.self) {
      try await shell.run(["-c", "exec sleep 1000"], to: file.descriptor) { _ in throw Refusal() }
    }
    let started = Lines()
    let task = Task {
      try await shell.run(["-c", "echo up; exec sleep 1000"], from: 0) { output, _ in
        try await BlockingWork.throwing {
          var byte: UInt8 = 0
          while Glibc.read(output, &byte, 1) == 1 { started.add("\(byte)") }
        }
      }
    }
    while started.all.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    task.cancel()
    await #expect(throws: (any Error).self) { try await task.value }

    let missing = Program("no-such-program", package: "nothing")
    let reading = await #expect(throws: NestorError.self) {
      _ = try await missing.run([], from: 0) { output, _ in
        _ = try await read(output)
        throw UnexpectedEnd()
      }
    }
    #expect(reading?.code == .unavailable && reading?.hint == "install it: apt-get install nothing")
    let feeding = await #expect(throws: NestorError.self) {
      try await missing.run([], to: file.descriptor) { input in while true { try await write("x", to: input) } }
    }
    #expect(feeding?.code == .unavailable)
  }
}
