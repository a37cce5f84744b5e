import Foundation
import Glibc
import NestorTestSupport
import Testing

@testable import NestorSupport

@Suite("The state folder")
struct StateDirectoryTests {
  private static let hostile = [
    "", ".", "..", "/", "../../etc/passwd", "a/b", "a\0b", "a\nb", "a b", "a%b", "a%2fb", "ü", "日本", "-rf", "\u{1b}[0m",
    "'\"&<>", String(repeating: "x", count: 300), String(repeating: "ü", count: 300),
    String(repeating: "/", count: 255),
  ]

  @Test("Any name becomes one harmless path component", arguments: hostile)
  func component(_ name: String) {
    let file = "guest-" + StateDirectory.fileName(for: name)
    #expect(file.utf8.count <= 255)
    #expect(file.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "/") })
    #expect(file != "." && file != "..")
  }

  @Test("Different names never share a lock, however long and alike they are")
  func distinct() {
    var names = Self.hostile + ["a", "A", "b", "a.", ".a"]
    for length in 190...310 { names.append(String(repeating: "y", count: length)) }
    names += (0..<500).map { String(repeating: "z", count: 300) + "\($0)" }
    #expect(Set(names.map { StateDirectory.fileName(for: $0) }).count == Set(names).count)
    let state = StateDirectory(root: "/s", runtime: "/r")
    #expect(state.lock("guest", "a") != state.lock("image", "a"))
    #expect(state.lock("guest", "a/../b") == "/r/locks/guest-a%2f%2e%2e%2fb")
  }

  @Test("Folders are made once, and only those of locks are closed to others")
  func prepare() throws {
    let scratch = try ScratchState()
    for _ in 1...2 { try scratch.state.prepare() }
    for (path, mode) in [(scratch.state.guests, 0o711), (scratch.state.root, 0o755), (scratch.state.locks, 0o700)] {
      var information = stat()
      #expect(stat(path, &information) == 0 && Int(information.st_mode & 0o777) == mode, "\(path)")
    }
  }

  @Test("A folder that cannot be made says so, and what to do")
  func refused() throws {
    let scratch = try ScratchState()
    let file = try scratch.write("file", "")
    let error = #expect(throws: NestorError.self) {
      try StateDirectory(root: "\(file)/x", runtime: "\(file)/y").prepare()
    }
    #expect(error?.message == "cannot make the folder \(file)/x" && error?.hint?.contains("NESTOR_STATE_DIR") == true)
  }
}
