import Glibc

/// A program that was started with a socket as its standard input and output.
///
/// Its calls block; they are made on a queue of the caller's, one at a time.
final class ChildProcess: Sendable {
  let id: pid_t
  private let socket: Int32

  /// Starts a program by its path or its name; its standard error goes to the descriptor that is given.
  ///
  /// It gets a process group of its own, so that a key on the terminal does not reach it, and no signal is blocked in
  /// it: Dispatch blocks nearly all in its threads, and a libvirtd that inherited that could not be told to end.
  init(_ command: [String], errors: Int32 = STDERR_FILENO) throws {
    // A socket pair, since it can be closed in other children from the first moment on; pipe2 is not to be had in Swift.
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw PrivateLibvirtdError("no socket could be made", cause: String(cString: strerror(errno)))
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
    var child = pid_t()
    var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    let status = posix_spawnp(&child, command.first ?? "", &actions, &attributes, words, environ)
    close(ends[1])
    guard status == 0 else {
      close(ends[0])
      throw PrivateLibvirtdError(
        "\(command.joined(separator: " ")) could not be started", cause: String(cString: strerror(status)))
    }
    id = child
    socket = ends[0]
  }

  deinit {
    close(socket)
  }

  /// Writes all of the text; false when nobody reads it any more.
  func write(_ text: String) -> Bool {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// The next line of its output without its end; nil when there is none any more.
  func readLine() -> String? {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while true {
      let count = read(socket, &byte, 1)
      if count < 0 && errno == EINTR { continue }
      guard count == 1 else { return line.isEmpty ? nil : String(decoding: line, as: UTF8.self) }
      if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
      line.append(byte)
    }
  }

  /// All of its output until it is closed.
  func readAll() -> String {
    var text: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(socket, &part, part.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return String(decoding: text, as: UTF8.self) }
      text.append(contentsOf: part[..<count])
    }
  }

  /// Ends its standard input.
  func closeInput() {
    shutdown(socket, Int32(SHUT_WR))
  }

  /// Waits for its end: its exit status, or 128 and the number of the signal that killed it, as in the shell.
  @discardableResult
  func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 {
      guard errno == EINTR else { return -1 }
    }
    return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
  }
}
