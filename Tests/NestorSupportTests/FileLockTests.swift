import Glibc
import NestorSupport
import Testing

@Suite("A lock between processes")
struct FileLockTests {
  let folder: String

  init() throws {
    folder = "/tmp/nestor-lock-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    try FileTree.makeDirectory(folder, mode: 0o700)
  }

  @Test("is had by one at a time and leaves no file")
  func exclusive() throws {
    defer { try? FileTree.remove(folder) }
    let path = "\(folder)/a"
    var first = try FileLock.tryAcquire(path)
    #expect(first != nil)
    #expect(try FileLock.tryAcquire(path) == nil)
    first = nil
    #expect(!FileTree.exists(path))
    let again = try FileLock.tryAcquire(path)
    #expect(again != nil)
  }

  @Test("is waited for, and the wait ends with an error that names the purpose")
  func timeout() async throws {
    defer { try? FileTree.remove(folder) }
    let path = "\(folder)/a"
    let first = try FileLock.tryAcquire(path)
    await #expect {
      _ = try await FileLock.acquire(path, purpose: "start guest a", timeout: .milliseconds(50))
    } throws: { error in
      (error as? NestorError)?.code == .busy && "\(error)".contains("start guest a")
    }
    withExtendedLifetime(first) {}
  }

  @Test("keeps a hundred tasks apart that count in turn")
  func contended() async throws {
    defer { try? FileTree.remove(folder) }
    let path = "\(folder)/a"
    let counter = "\(folder)/count"
    try FileTree.write(Array("0".utf8), to: counter)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<100 {
        group.addTask {
          try await FileLock.holding(path, purpose: "count", timeout: .seconds(1_200)) {
            let seen = try #require(Int(try FileTree.readText(counter)))
            await Task.yield()
            try FileTree.write(Array("\(seen + 1)".utf8), to: counter)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try FileTree.readText(counter) == "100")
    #expect(!FileTree.exists(path))
  }

  @Test("on a path that cannot be made says which call failed")
  func unmakeable() {
    defer { try? FileTree.remove(folder) }
    #expect(throws: SystemError.self) { try FileLock.tryAcquire("\(folder)/missing/lock") }
  }
}
