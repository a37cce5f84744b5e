import Foundation
import Glibc

/// A program that was started by a test: its output goes to files, its input comes from the test.
package final class RunningProgram: Sendable {
  /// The program's process.
  package let id: pid_t
  private let command: String
  private let files: String
  private let input: Int32
  private let begun = ContinuousClock.now

  /// Starts a program by its path; `files` is the beginning of the names of the two files for its output.
  package init(_ command: [String], environment: [String: String], files: String) throws {
    self.command = command.joined(separator: " ")
    self.files = files
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw LabError("no socket: \(String(cString: strerror(errno)))")
    }
    defer { close(ends[1]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO)
    for (number, name) in [(STDOUT_FILENO, "out"), (STDERR_FILENO, "err")] {
      posix_spawn_file_actions_addopen(&actions, number, "\(files).\(name)", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Tests run on threads that block most signals, and a shell that cannot hear of its children waits for ever.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    // A shell lets what it starts in the background ignore SIGINT, and that is inherited.
    var interruption = sigset_t()
    sigemptyset(&interruption)
    sigaddset(&interruption, SIGINT)
    posix_spawnattr_setsigdefault(&attributes, &interruption)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var child = pid_t()
    let status = posix_spawn(&child, command[0], &actions, &attributes, &words, &variables)
    guard status == 0 else {
      close(ends[0])
      throw LabError("\(command[0]) could not be started: \(String(cString: strerror(status)))")
    }
    id = child
    input = ends[0]
  }

  deinit {
    close(input)
    unlink("\(files).out")
    unlink("\(files).err")
  }

  /// What it has written to standard output so far.
  package var output: String { Self.text("\(files).out") }
  /// What it has written to standard error so far.
  package var errors: String { Self.text("\(files).err") }

  /// Whether a signal would not simply end it: it is caught, or kept back for a thread that takes it.
  package func hears(_ number: Int32) -> Bool {
    Self.text("/proc/\(id)/status").split(separator: "\n")
      .filter { $0.hasPrefix("SigCgt:") || $0.hasPrefix("SigBlk:") }
      .contains { line in
        line.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) }.map { $0 >> UInt64(number - 1) & 1 == 1 }
          ?? false
      }
  }

  /// Types something.
  package func type(_ text: String) {
    _ = Array(text.utf8).withUnsafeBytes { send(input, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  }

  /// Ends its input.
  package func closeInput() {
    shutdown(input, Int32(SHUT_WR))
  }

  /// Sends it a signal.
  package func signal(_ number: Int32) {
    kill(id, number)
  }

  /// Waits for its end; a program that outlasts the tests' patience is killed, and that is an error.
  package func wait() async throws -> ProgramResult {
    let status: Int32? = await withCheckedContinuation { continuation in
      Thread.detachNewThread { [id] in
        let end = ContinuousClock.now + .seconds(Patience.seconds)
        var status: Int32 = 0
        while waitpid(id, &status, WNOHANG) == 0 {
          if ContinuousClock.now > end {
            kill(id, SIGKILL)
            waitpid(id, &status, 0)
            return continuation.resume(returning: nil)
          }
          usleep(2000)
        }
        continuation.resume(returning: status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f))
      }
    }
    let took = begun.duration(to: .now) / .seconds(1)
    let result = ProgramResult(
      command: command, status: status ?? -1, output: output, errors: errors,
      seconds: (took * 1000).rounded() / 1000)
    guard status != nil else { throw LabError("hung: \(result)") }
    return result
  }

  private static func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }
}
