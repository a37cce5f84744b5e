import Glibc
import GuestTransport

/// A program that an operation of the agent's own needs, with its output.
///
/// It reads from /dev/null, has a process group and the usual PATH of root, and inherits none of the agent's descriptors,
/// since all of them are closed on exec. Belongs to one thread.
final class ProgramRun {
  /// The folders in which programs are looked for.
  static let folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
  /// No more of the output than this is kept, in bytes.
  static let outputLimit = 65_536

  private let children: ChildTable
  private let process: pid_t
  private let pipe: Int32
  /// What it wrote on both of its outputs so far.
  private(set) var output: [UInt8] = []
  /// How it ended: its exit status, or 128 and the signal's number; nil while it runs.
  private(set) var status: Int32?
  private var isAtEnd = false

  /// Starts a program by its name; throws ENOENT where the guest does not have it.
  init(_ arguments: [String], in system: GuestSystem) throws(KernelError) {
    let name = arguments.first ?? ""
    guard let program = Self.find(name, in: system) else { throw KernelError("run \(name)", number: ENOENT) }
    var ends: [Int32] = [-1, -1]
    // A pair of sockets can be made closed on exec in one step from Swift, a pipe cannot.
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw KernelError("make a pair of sockets")
    }
    defer { close(ends[1]) }
    guard fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0 else {
      close(ends[0])
      throw KernelError("make a socket non-blocking")
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
    var path = "PATH="
    for folder in Self.folders { path += (path.utf8.count > 5 ? ":" : "") + folder }
    var error: Int32 = 0
    let process = system.children.adding {
      var process = pid_t()
      error = Self.withStrings(arguments) { argv in
        Self.withStrings([path, "LC_ALL=C", "HOME=/root"]) { environment in
          posix_spawn(&process, program, &actions, &attributes, argv, environment)
        }
      }
      return error == 0 ? process : -1
    }
    guard error == 0 else {
      close(ends[0])
      throw KernelError("run \(name)", number: error)
    }
    children = system.children
    self.process = process
    pipe = ends[0]
  }

  deinit {
    stop()
    close(pipe)
  }

  /// The descriptor to poll for input, or nil once the output is at its end.
  var descriptor: Int32? { isAtEnd ? nil : pipe }

  /// Takes what it wrote, and notices whether it has ended; never blocks.
  func advance() {
    var piece = [UInt8](repeating: 0, count: 4096)
    while !isAtEnd {
      let count = read(pipe, &piece, piece.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN { break }
      guard count > 0 else {
        isAtEnd = true
        break
      }
      output += piece[..<min(count, Self.outputLimit - min(output.count, Self.outputLimit))]
    }
    reap(WNOHANG)
  }

  /// Ends it and what it started, if it still runs.
  func stop() {
    guard status == nil else { return }
    kill(-process, SIGKILL)
    kill(process, SIGKILL)
    reap(0)
  }

  private func reap(_ options: Int32) {
    guard status == nil else { return }
    var word: Int32 = 0
    while true {
      let result = waitpid(process, &word, options)
      if result < 0 && errno == EINTR { continue }
      if result == process { status = word & 0x7f == 0 ? word >> 8 & 0xff : 128 + word & 0x7f }
      // Somebody else took the status, so that nobody knows it.
      if result < 0 { status = 127 }
      if status != nil { children.remove(process) }
      return
    }
  }

  /// Runs a program to its end, for at most `timeout`, and answers with its status and output.
  static func run(
    _ arguments: [String], in system: GuestSystem, timeout: Duration
  ) throws(KernelError) -> (status: Int32, output: [UInt8]) {
    let run = try ProgramRun(arguments, in: system)
    let end = Instant.now + timeout
    while true {
      run.advance()
      if let status = run.status, run.isAtEnd || Instant.now >= end { return (status, run.output) }
      if Instant.now >= end {
        run.stop()
        throw KernelError("wait for \(arguments.first ?? "")", number: ETIMEDOUT)
      }
      // A program may close its outputs before it ends, and what it started may keep them open.
      if let pipe = run.descriptor, run.status == nil {
        _ = Waiting.wait(for: pipe, timeout: min(.milliseconds(100), end - .now))
      } else if run.status != nil {
        return (run.status ?? 127, run.output)
      } else {
        usleep(5_000)
      }
    }
  }

  /// A program's path, or nil where no folder has it.
  static func find(_ name: String, in system: GuestSystem) -> String? {
    folders.map { system.path("\($0)/\(name)") }.first { access($0, X_OK) == 0 }
  }

  private static func withStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var pointers = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    pointers.append(nil)
    return body(&pointers)
  }
}
