import CLinux
import Glibc
import GuestProtocol
import GuestTransport
import Synchronization

/// A program that the agent started, leader of a session and process group of its own.
///
/// A thread waits for its end. Ends with its starter's thread at the latest, see nestor_spawn.h.
final class ChildProcess: Sendable {
  /// Its process ID, which is its group's too.
  let id: pid_t
  /// Readable once it has ended.
  let ended: Interruption
  private let isOnTerminal: Bool
  private let status = Mutex<Int32?>(nil)

  private init(id: pid_t, ended: Interruption, isOnTerminal: Bool) {
    self.id = id
    self.ended = ended
    self.isOnTerminal = isOnTerminal
  }

  /// How it ended, as waitpid(2) says it; nil while it runs.
  var waitStatus: Int32? { status.withLock { $0 } }

  /// Starts a program on three descriptors.
  static func start(
    path: String, arguments: [[UInt8]], environment: [[UInt8]], directory: String, directoryIsHome: Bool,
    descriptors: [OwnedDescriptor],
    isTerminal: Bool, user: UserDatabase.User, children: ChildTable
  ) throws -> ChildProcess {
    let ended = try Interruption()
    var step: Int32 = 0
    let id = withPointers(arguments) { arguments in
      withPointers(environment) { environment in
        path.withCString { path in
          directory.withCString { directory in
            user.groups.withUnsafeBufferPointer { groups in
              var request = nestor_spawn_request()
              request.path = path
              request.arguments = arguments
              request.environment = environment
              request.directory = directory
              request.directory_is_optional = directoryIsHome ? 1 : 0
              request.descriptors = (descriptors[0].number, descriptors[1].number, descriptors[2].number)
              request.is_terminal = isTerminal ? 1 : 0
              // An agent that is not root, as in tests, can run programs as itself only.
              request.changes_user = geteuid() == 0 || user.number != geteuid() ? 1 : 0
              request.user = user.number
              request.group = user.group
              request.groups = groups.baseAddress
              request.group_count = UInt32(groups.count)
              return children.adding { nestor_spawn(&request, &step) }
            }
          }
        }
      }
    }
    // Until here they have to stay open: a number alone keeps nothing.
    withExtendedLifetime(descriptors) {}
    guard id > 0 else { throw failure(step: step, number: -id, path, directory, user) }
    let child = ChildProcess(id: id, ended: ended, isOnTerminal: isTerminal)
    let isWatched = AgentThread.start {
      var status: Int32 = 0
      while waitpid(id, &status, 0) < 0 && errno == EINTR {}
      children.remove(id)
      child.status.withLock { $0 = status }
      child.ended.raise()
    }
    guard isWatched else {
      kill(-id, SIGKILL)
      while waitpid(id, nil, 0) < 0 && errno == EINTR {}
      children.remove(id)
      throw OperationFailure(.system, "the agent has no room for another thread", number: EAGAIN)
    }
    return child
  }

  private static func failure(
    step: Int32, number: Int32, _ path: String, _ directory: String, _ user: UserDatabase.User
  ) -> OperationFailure {
    let isMissing = number == ENOENT || number == ENOTDIR
    switch UInt32(bitPattern: step) {
    case NESTOR_SPAWN_STEP_PROGRAM.rawValue:
      return OperationFailure(isMissing ? .notFound : .system, "cannot run \(path)", number: number)
    case NESTOR_SPAWN_STEP_DIRECTORY.rawValue:
      return OperationFailure(isMissing ? .notFound : .system, "cannot go to the folder \(directory)", number: number)
    case NESTOR_SPAWN_STEP_USER.rawValue:
      return OperationFailure(.system, "cannot become the user \(user.name)", number: number)
    default: return OperationFailure(.system, "cannot start \(path)", number: number)
    }
  }

  /// Sends a signal to it and its group, nothing once all of them have ended.
  ///
  /// `foreground` is the group in its terminal's foreground, 0 for none. It gets the signal too, and alone what a terminal's
  /// keys send: a shell that waits for a job is not meant by those.
  func send(signal number: Int32, foreground: pid_t = 0) {
    let hasJob = foreground > 1 && foreground != id
    if hasJob { kill(-foreground, number) }
    if !hasJob || ![SIGINT, SIGQUIT, SIGTSTP].contains(number) { kill(-id, number) }
  }

  /// Ends all that is left of its group, on a terminal of its session: asks, and after half a second does not ask any more.
  /// Returns when they are gone.
  ///
  /// `patience` is for a daemon that is just about to leave the group.
  func endGroup(patience: Duration = .zero) {
    if patience > .zero && waitForGroup(timeout: patience) { return }
    guard isLeft else { return }
    tellAll([SIGHUP, SIGTERM, SIGCONT])
    if waitForGroup(timeout: .milliseconds(500)) { return }
    tellAll([SIGKILL])
    _ = waitForGroup(timeout: .seconds(2))
  }

  /// A shell on a terminal gives each of its jobs a group of its own.
  private var others: [pid_t] { isOnTerminal ? ProcessTable.members(ofSession: id) : [] }

  private var isLeft: Bool { kill(-id, 0) == 0 || errno == EPERM || !others.isEmpty }

  private func tellAll(_ numbers: [Int32]) {
    let others = others
    for number in numbers {
      kill(-id, number)
      for other in others { kill(other, number) }
    }
  }

  private func waitForGroup(timeout: Duration) -> Bool {
    let end = Instant.now + timeout
    var pause: UInt32 = 1_000
    while true {
      // The leader is reaped by its thread, everybody else by whoever adopts orphans.
      if !isLeft { return true }
      if Instant.now >= end { return false }
      usleep(pause)
      pause = min(pause * 2, 20_000)
    }
  }

  private static func withPointers<Result>(
    _ strings: [[UInt8]], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Result
  ) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { string in
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: string.count + 1)
      for (index, byte) in string.enumerated() { copy[index] = CChar(bitPattern: byte) }
      copy[string.count] = 0
      return copy
    }
    defer { for pointer in pointers { pointer?.deallocate() } }
    pointers.append(nil)
    return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}
