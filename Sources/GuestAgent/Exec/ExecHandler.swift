import CLinux
import Glibc
import GuestProtocol
import GuestTransport
import Synchronization

/// Runs a program for a client: its input, its outputs, its end.
final class ExecHandler: SessionWork {
  /// How long after a program's end its outputs are still read while nothing comes: who left its process group may hold
  /// them open for ever.
  private static let lingering = Duration.milliseconds(200)
  /// How long a process that the program left in its group is let be while it is silent: it may be a daemon that is about
  /// to leave the group, or the `cat` of `bash -c 'seq 100000 > >(cat)'`, which has yet to write.
  private static let patience = Duration.milliseconds(500)
  /// How long after a program's end its outputs are read at most while the client takes them.
  private static let flooding = Duration.seconds(3)

  private let context: OperationContext
  private let request: ExecRequest
  private var child: ChildProcess?
  private var input: ProgramInput?
  private var outputs: [ProgramOutput] = []
  private var terminal: OwnedDescriptor?
  private var timeLimit: Instant?
  private var outputLimit: Instant?
  private var floodLimit = Instant.never
  private var restHasEnded = false
  private var isCounted = false
  private var timedOut = false
  private var hasEnded = false

  private(set) var isFinished = false

  init(_ context: OperationContext, _ request: Request) throws {
    self.context = context
    self.request = try context.message(request)
  }

  // MARK: Start

  func begin() throws {
    let database = UserDatabase()
    var user = try database.user(request.user)
    if !request.groups.isEmpty { user.groups = try request.groups.map { try database.group($0) } }
    for text in request.arguments + request.environment + [request.directory] where text.contains(0) {
      throw OperationFailure(.invalid, "an argument or a variable holds a zero byte")
    }
    let environment = ChildEnvironment(
      user: user, terminalType: request.terminal == nil ? nil : request.terminalType, additions: request.environment)
    let (path, arguments) = try program(user, environment)
    let directory = request.directory.isEmpty ? user.home : request.directory
    let descriptors = try openStreams(owner: user.number)
    let child = try ChildProcess.start(
      path: path, arguments: arguments, environment: environment.entries,
      directory: String(decoding: directory, as: UTF8.self), directoryIsHome: request.directory.isEmpty,
      descriptors: descriptors,
      isTerminal: request.terminal != nil, user: user, children: context.agent.children)
    self.child = child
    context.agent.programs.add(1, ordering: .relaxed)
    isCounted = true
    if request.timeLimit > 0 { timeLimit = Instant.now + .milliseconds(request.timeLimit) }
    let command = request.arguments.isEmpty ? [user.shell] : request.arguments
    context.describe(
      command.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " "), user: user.name,
      process: UInt32(child.id))
    var started = ExecStarted()
    started.process = UInt32(child.id)
    context.connection.send(.reply, started)
  }

  private func program(
    _ user: UserDatabase.User, _ environment: ChildEnvironment
  ) throws -> (String, [[UInt8]]) {
    guard let name = request.arguments.first else {
      guard request.isLogin else { throw OperationFailure(.invalid, "there is no command to run") }
      let base = user.shell.split(separator: UInt8(ascii: "/")).last ?? []
      // A dash in front makes it a login shell, see login(1).
      return (String(decoding: user.shell, as: UTF8.self), [[UInt8(ascii: "-")] + base])
    }
    guard let path = environment.find(name) else {
      throw OperationFailure(
        .notFound, "there is no program '\(String(decoding: name, as: UTF8.self))' in the PATH", number: ENOENT)
    }
    return (path, request.arguments)
  }

  /// Opens the program's streams and answers with its ends of them, which it alone keeps.
  private func openStreams(owner: uid_t) throws -> [OwnedDescriptor] {
    let window = context.terms.peerWindow
    if let size = request.terminal {
      var ends: (Int32, Int32) = (-1, -1)
      let status = nestor_open_terminal(&ends.0, &ends.1, owner)
      guard status >= 0 else { throw OperationFailure(.system, "cannot open a terminal", number: -status) }
      let (controller, device) = (OwnedDescriptor(ends.0), OwnedDescriptor(ends.1))
      setSize(controller.number, size)
      terminal = controller
      input = ProgramInput(controller, isTerminal: true)
      outputs = [ProgramOutput(controller, stream: 1, window: window)]
      return [device, device, device]
    }
    let output = try PipeEnds()
    let errors = try PipeEnds()
    outputs = [
      ProgramOutput(try output.keptReader(), stream: 1, window: window),
      ProgramOutput(try errors.keptReader(), stream: 2, window: window),
    ]
    guard request.hasInput else {
      let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
      // Where there is none, as in a bare folder that the agent was put into, a pipe without a writer is as empty.
      let reader = nothing >= 0 ? OwnedDescriptor(nothing) : try PipeEnds().reader
      return [reader, output.writer, errors.writer]
    }
    let pipe = try PipeEnds()
    input = ProgramInput(try pipe.keptWriter(), isTerminal: false)
    return [pipe.reader, output.writer, errors.writer]
  }

  // MARK: While it runs

  var descriptors: [(descriptor: Int32, events: Int16)] {
    var result: [(descriptor: Int32, events: Int16)] = []
    if let input, input.isWaiting { result.append((input.descriptor, Int16(truncatingIfNeeded: POLLOUT))) }
    if context.connection.hasRoom {
      for output in outputs where output.wantsReading {
        result.append((output.descriptor, Int16(truncatingIfNeeded: POLLIN)))
      }
    }
    if let child, !hasEnded { result.append((child.ended.descriptor, Int16(truncatingIfNeeded: POLLIN))) }
    return result
  }

  var deadline: Instant? { [timeLimit, outputLimit].compactMap { $0 }.min() }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    let frame = Frame(header.type, stream: header.stream, payload: Array(payload))
    switch frame.type {
    case .data where frame.stream == 0: try takeInput(frame.payload)
    case .end where frame.stream == 0: try input?.end()
    case .credit:
      for output in outputs where output.stream == frame.stream { try output.window.grant(try frame.number()) }
    case .reset: giveUp(frame.stream)
    case .signal:
      let number = try frame.number()
      guard (1...64).contains(number) else { throw ProtocolError(.invalid, "there is no signal \(number)") }
      let foreground = terminal.map { nestor_terminal_foreground($0.number) } ?? 0
      if !hasEnded { child?.send(signal: Int32(number), foreground: foreground) }
    case .resize: if let terminal { setSize(terminal.number, try frame.message()) }
    case .cancel: endRest(patience: .zero)
    default: throw ProtocolError(.unexpected, "a client sent \(frame.type) on stream \(frame.stream) to a program")
    }
  }

  /// Closes an output that nobody at the client reads, so that the program gets SIGPIPE; a terminal has no such thing.
  private func giveUp(_ stream: UInt16) {
    for output in outputs where output.stream == stream && !output.hasEnded { output.close(context.connection) }
    if terminal != nil && !hasEnded { endRest(patience: .zero) }
  }

  private func takeInput(_ bytes: [UInt8]) throws {
    guard request.hasInput, let input else {
      // A program without input; what comes all the same is of no use to anybody.
      return
    }
    try input.take(bytes)
    try moveInput(input)
  }

  private func moveInput(_ input: ProgramInput) throws {
    if let credit = try input.move() { context.connection.send(.credit, stream: 0, number: credit) }
  }

  func handle(_ descriptor: Int32, _ events: Int16) throws {
    if let child, descriptor == child.ended.descriptor {
      finishChild()
      return
    }
    if let input, input.descriptor == descriptor, input.isWaiting, events & Int16(POLLIN) == 0 { try moveInput(input) }
    for output in outputs where output.descriptor == descriptor && events & ~Int16(POLLOUT) != 0 {
      output.isReadable = true
    }
  }

  func produce() throws {
    for output in outputs where output.isReadable && context.connection.hasRoom {
      if try output.move(to: context.connection) && hasEnded { outputLimit = nextOutputLimit }
    }
    try finishIfDone()
  }

  func tick() throws {
    let now = Instant.now
    if let timeLimit, now >= timeLimit {
      self.timeLimit = nil
      timedOut = true
      endRest(patience: .zero)
    }
    guard let outputLimit, now >= outputLimit else { return }
    let open = outputs.filter { !$0.hasEnded }
    // What the client takes no more of at the moment is not lost: it is still asked for when there is credit.
    if open.contains(where: { $0.window.available == 0 || ($0.hasMore && now < floodLimit) }) {
      self.outputLimit = now + Self.lingering
    } else if !restHasEnded {
      endRest(patience: .zero)
      floodLimit = Instant.now + Self.flooding
      self.outputLimit = nextOutputLimit
    } else {
      self.outputLimit = nil
      for output in open { output.close(context.connection) }
    }
    try finishIfDone()
  }

  // MARK: End

  private func finishChild() {
    hasEnded = true
    timeLimit = nil
    input = nil
    floodLimit = Instant.now + Self.flooding
    outputLimit = nextOutputLimit
  }

  private var nextOutputLimit: Instant {
    min(floodLimit, Instant.now + (restHasEnded ? Self.lingering : Self.patience))
  }

  /// Whatever it left in its group goes with it.
  private func endRest(patience: Duration) {
    guard !restHasEnded else { return }
    restHasEnded = true
    child?.endGroup(patience: patience)
  }

  private func finishIfDone() throws {
    guard hasEnded, !isFinished, outputs.allSatisfy(\.hasEnded), let status = child?.waitStatus else { return }
    endRest(patience: Self.patience)
    var end = ExecEnd()
    let signal = status & 0x7f
    if signal == 0 {
      end.code = UInt32((status >> 8) & 0xff)
    } else {
      end.signal = UInt32(signal)
      end.dumpedCore = status & 0x80 != 0
    }
    end.timedOut = timedOut
    uncount()
    context.connection.send(.exit, end)
    isFinished = true
  }

  /// Ends the program where it still runs, when the session ends before it.
  func abandon() {
    outputs = []
    input = nil
    terminal = nil
    endRest(patience: .zero)
    uncount()
  }

  private func uncount() {
    guard isCounted else { return }
    isCounted = false
    context.agent.programs.subtract(1, ordering: .relaxed)
  }

  private func setSize(_ descriptor: Int32, _ size: TerminalSize) {
    _ = nestor_set_terminal_size(descriptor, UInt16(clamping: size.rows), UInt16(clamping: size.columns))
  }
}
