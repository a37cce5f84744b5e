import Foundation
import Glibc
import NestorSupport
import NestorTestSupport
import Synchronization
import Testing

@testable import NestorCore

/// One after the other, since they count the threads and descriptors of the whole process.
@Suite("A console's log", .serialized, .timeLimit(.minutes(20)))
struct ConsoleLogTests {
  private let scratch: ScratchState
  private let log: ConsoleLog

  init() throws {
    scratch = try ScratchState()
    try FileTree.makeDirectory("\(scratch.folder)/guest")
    log = ConsoleLog(path: "\(scratch.folder)/guest/console.log")
  }

  private func append(_ text: String) throws {
    let descriptor = open(log.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    #expect(write(descriptor, Array(text.utf8), text.utf8.count) == text.utf8.count)
  }

  @Test(
    "Lines are what people would read",
    arguments: [
      ("a\nb\n", ["a", "b", ""]), ("a\r\nb", ["a", "b"]), ("\u{1b}[2J\u{1b}[1;1Hup\n", ["up", ""]),
      ("\u{1b}[31mred\u{1b}[0m", ["red"]), ("\u{1b}(Bx", ["Bx"]), ("tab\there", ["tab here"]),
      ("bell\u{7}back\u{8}del\u{7f}", ["bellbackdel"]), ("ü 日本", ["ü 日本"]), ("", [""]), ("\u{1b}", [""]),
      ("\u{1b}[", [""]), ("\u{1b}[12;", [""]), ("c1\u{9b}31mx\u{85}y", ["c131mxy"]),
    ])
  func lines(_ text: String, _ lines: [String]) {
    #expect(ConsoleLog.lines(of: Array(text.utf8)) == lines)
  }

  @Test("Bytes that are no UTF-8 are shown as such and lose nothing else")
  func bytes() {
    #expect(ConsoleLog.lines(of: [0x61, 0xff, 0x62, 10, 0xc3]) == ["a\u{fffd}b", "\u{fffd}"])
  }

  @Test("The last lines are the last that say something")
  func last() throws {
    #expect(log.lastLines(3) == [])
    try append("one\ntwo\n\n\u{1b}[mthree\n\n")
    #expect(log.lastLines(2) == ["two", "three"] && log.lastLines(9) == ["one", "two", "three"])
    try append(String(repeating: "x", count: 100_000))
    #expect(log.lastLines(1) == [String(repeating: "x", count: 200)])
  }

  @Test("Only the end of a long log is read, and all of a short one")
  func limit() throws {
    #expect(throws: SystemError.self) { try log.bytes() }
    try append("0123456789")
    #expect(try log.bytes() == Array("0123456789".utf8) && log.bytes(limit: 3) == Array("789".utf8))
  }

  @Test("A log that is put aside is the previous one, and a link in its place is not followed")
  func rotate() throws {
    try log.rotate()
    try append("first")
    try log.rotate()
    #expect(!FileTree.exists(log.path))
    #expect(try log.previous.bytes() == Array("first".utf8))
    symlink("/etc/passwd", log.path)
    #expect(throws: SystemError.self) { try log.bytes() }
  }

  @Test("Who follows gets what is there and what comes, line by line, from a file that comes late")
  func follow() async throws {
    let log = log
    let reader = Task { await Self.take(5, log.followLines()) }
    try await Task.sleep(for: .milliseconds(30))
    try append("one\ntw")
    try append("o\n\u{1b}[1mthree\u{1b}[0m\n\nfi")
    try append("ve\n")
    #expect(await reader.value == ["one", "two", "three", "", "five"])
  }

  @Test("Who follows goes on in the file that takes the log's place, after the rest of the old one")
  func replaced() async throws {
    let log = log
    try append("old 1\n")
    let seen = Mutex<[String]>([])
    let lines = log.followLines()
    let reader = Task {
      for await line in lines {
        let count = seen.withLock {
          $0.append(line)
          return $0.count
        }
        if count == 5 { return }
      }
    }
    try await Self.until { seen.withLock { $0.count == 1 } }
    try append("old 2\n")
    #expect(rename(log.path, log.path + ".0") == 0)
    try append("new 1\n")
    try await Self.until { seen.withLock { $0.count == 3 } }
    #expect(rename(log.path, log.path + ".0") == 0)
    try append("newer 1\nnewer 2\n")
    await reader.value
    #expect(seen.withLock { $0 } == ["old 1", "old 2", "new 1", "newer 1", "newer 2"])
  }

  @Test("A line without an end is cut, and no byte of it is lost")
  func endless() async throws {
    let text = String((0..<30_000).map { "0123456789"["0123456789".index("0123456789".startIndex, offsetBy: $0 % 10)] })
    try append(text + "\nend\n")
    var pieces: [String] = []
    for await line in log.followLines() {
      if line == "end" { break }
      pieces.append(line)
    }
    #expect(pieces.joined() == text)
    #expect(pieces.count > 1 || pieces[0].count == text.count)
  }

  @Test("A prompt that ends without a line end is found, and so is a whole line")
  func prompt() async throws {
    let log = log
    try append("booting\nweb login: ")
    #expect(await log.line(containing: "login:") == "web login: ")
    #expect(await log.line(containing: "boot") == "booting")
    let later = Task { await log.line(containing: "later on") }
    try append("root\nla")
    try append("ter on")
    #expect(await later.value == "later on")
    let pieces = Task { await log.line(containing: "nestor: up") }
    try append("\nnestor: up")
    try append(" web, Linux\n")
    #expect(await pieces.value == "nestor: up web, Linux")
  }

  @Test(
    "Who follows a log whose folder goes away comes to an end, as does who follows one that never was",
    .timeLimit(.minutes(20)))
  func removed() async throws {
    try append("last words\n")
    let log = log
    let seen = Mutex<[String]>([])
    let reader = Task { for await line in log.followLines() { seen.withLock { $0.append(line) } } }
    try await Self.until { seen.withLock { $0.count == 1 } }
    try FileTree.remove(FileTree.parent(of: log.path))
    await reader.value
    #expect(seen.withLock { $0 } == ["last words"])
    #expect(await Self.take(1, log.followLines()) == [])
    #expect(await log.line(containing: "x") == nil)
  }

  @Test("Following leaves neither a thread nor a descriptor behind, however it ends")
  func leaks() async throws {
    try append("one\n")
    let log = log
    for round in 0..<20 {
      if round == 5 { try await Self.settle() }
      for await _ in log.followLines() { break }
      let task = Task { for await _ in log.follow() {} }
      if round % 2 == 0 { await Task.yield() }
      task.cancel()
      await task.value
    }
    let before = (Self.threads(), Self.descriptors())
    for _ in 0..<60 {
      for await _ in log.followLines() { break }
      let task = Task { for await _ in log.follow() {} }
      task.cancel()
      await task.value
    }
    try await Self.until { Self.threads() <= before.0 + 4 && Self.descriptors() <= before.1 + 4 }
    #expect(Self.threads() <= before.0 + 4 && Self.descriptors() <= before.1 + 4)
  }

  private static func take(_ count: Int, _ stream: AsyncStream<String>) async -> [String] {
    var lines: [String] = []
    for await line in stream {
      lines.append(line)
      if lines.count == count { break }
    }
    return lines
  }

  private static func settle() async throws { try await Task.sleep(for: .milliseconds(50)) }

  private static func until(_ condition: () -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(400)
    while !condition(), ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(5)) }
    try #require(condition())
  }

  private static func threads() -> Int { (try? FileTree.names(in: "/proc/self/task").count) ?? 0 }
  private static func descriptors() -> Int { (try? FileTree.names(in: "/proc/self/fd").count) ?? 0 }
}
