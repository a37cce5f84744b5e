import Glibc
import NestorSupport

/// The user's own editor, on a file of ours.
struct Editor {
  /// The program and its arguments as a line of shell: `VISUAL`, `EDITOR`, or what Debian calls the editor.
  let line: String
  /// The file.
  let path: String

  /// Makes a file with a text, which only its owner can read.
  init(_ text: String, suffix: String) throws {
    line = EnvironmentVariable.value("VISUAL") ?? EnvironmentVariable.value("EDITOR") ?? "editor"
    var template = Array("\(EnvironmentVariable.value("TMPDIR") ?? "/tmp")/nestor-XXXXXX\(suffix)".utf8CString)
    let descriptor = mkstemps(&template, Int32(suffix.utf8.count))
    guard descriptor >= 0 else { throw SystemError("make a file in \(EnvironmentVariable.value("TMPDIR") ?? "/tmp")") }
    close(descriptor)
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    try FileTree.write(Array(text.utf8), to: path, mode: 0o600)
  }

  /// Lets the user change the file, and answers with its text.
  func run() async throws -> String {
    let (line, path) = (line, path)
    let status = await BlockingWork.run { Self.spawn(["sh", "-c", "\(line) \"$1\"", "sh", path]) }
    guard status == 0 else {
      throw NestorError(
        .failed, "the editor `\(line)` failed",
        cause: status < 0 ? "it could not be started" : "it ended with \(status)",
        hint: "name one in EDITOR")
    }
    return try FileTree.readText(path)
  }

  /// Takes the file away.
  func end() { unlink(path) }

  /// Runs a program on our terminal; answers with its exit status, or -1.
  private static func spawn(_ words: [String]) -> Int32 {
    // ctrl-C is the editor's while it runs.
    let interrupt = signal(SIGINT, SIG_IGN)
    let quit = signal(SIGQUIT, SIG_IGN)
    defer {
      signal(SIGINT, interrupt)
      signal(SIGQUIT, quit)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var restored = sigset_t()
    sigemptyset(&restored)
    for number in [SIGINT, SIGQUIT, SIGPIPE] { sigaddset(&restored, number) }
    posix_spawnattr_setsigdefault(&attributes, &restored)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var child = pid_t()
    guard posix_spawnp(&child, words[0], nil, &attributes, &pointers, environ) == 0 else { return -1 }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 { if errno != EINTR { return -1 } }
    return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
  }
}
