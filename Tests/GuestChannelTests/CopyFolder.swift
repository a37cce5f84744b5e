import Glibc
import GuestProtocol
import GuestTransport
import NestorSupport
import Testing

/// A folder of a test's own, removed with what is in it.
final class CopyFolder: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/nestor-copy-test-XXXXXX".utf8CString)
    let made = try #require(mkdtemp(&template))
    path = String(cString: made)
  }

  deinit {
    _ = try? Self.run(["rm", "-rf", path])
  }

  func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  func bytes(_ name: String) -> [UInt8] { Array(self(name).utf8) }

  /// Runs a shell script in the folder and answers with its output.
  @discardableResult
  func shell(_ script: String) throws -> String {
    try Self.run(["sh", "-ec", "cd '\(path)'\n\(script)"])
  }

  /// What is left of copies that were not finished, anywhere below.
  func unfinished() throws -> String {
    try shell("find . -name '.nestor-copy-*'")
  }

  /// All that can be seen of a tree: names, kinds, modes, times, links, sizes and contents.
  func description(of name: String) throws -> String {
    try shell(
      """
      cd '\(name)'
      find . -mindepth 1 -printf '%P|%y|%m|%T@|%l|%n\\0' | sort -z | tr '\\0' '\\n'
      find . -type f -print0 | sort -z | xargs -0 -r sha256sum -z | tr '\\0' '\\n'
      """)
  }

  struct ProgramFailure: Error {
    let arguments: [String]
    let status: Int32
    let output: String
  }

  static func run(_ arguments: [String]) throws -> String {
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw SystemError("socketpair")
    }
    defer { close(ends[0]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    var process: pid_t = 0
    let vector = (["/usr/bin/env"] + arguments).map { strdup($0) } + [nil]
    defer { for pointer in vector { free(pointer) } }
    let status = posix_spawn(&process, "/usr/bin/env", &actions, nil, vector, environ)
    close(ends[1])
    guard status == 0 else { throw SystemError("spawn \(arguments)", number: status) }
    var output: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(ends[0], &piece, piece.count)
      if count <= 0 { break }
      output += piece[..<count]
    }
    var code: Int32 = 0
    while waitpid(process, &code, 0) < 0 && errno == EINTR {}
    let text = String(decoding: output, as: UTF8.self)
    guard code == 0 else { throw ProgramFailure(arguments: arguments, status: code, output: text) }
    return text
  }
}
