import CommandLineKit
import Dispatch
import Glibc
import GuestClient
import GuestProtocol
import NestorCore

/// Runs commands in guests with this program's own input and output.
struct ExecRunner: Sendable {
  let hypervisor: Hypervisor
  let connectTimeout: Duration
  let line: ProgressLine

  /// Runs a command in one guest; answers with the exit status for this program.
  func run(_ name: String, _ request: ExecRequest, wantsTerminal: Bool) async throws -> Int32 {
    let (line, control) = (line, try ExecControl())
    let terminal = wantsTerminal ? RawTerminalHolder() : nil
    defer { terminal?.restore() }
    let status = try await hypervisor.guest(name).agent.withSession(timeout: connectTimeout) { [request] session in
      line.end()
      var request = request
      if wantsTerminal {
        request.terminal = TerminalSize.current
        request.terminalType = getenv("TERM").map { String(cString: $0) } ?? "dumb"
        if request.hasInput { terminal?.makeRaw() }
      }
      // Only from here on: ctrl-C ends the wait for an agent that does not answer.
      let forwarding = SignalForwarding(control, resizes: wantsTerminal)
      defer { forwarding.stop() }
      let streams = ExecStreams(
        input: request.hasInput ? .descriptor(STDIN_FILENO) : .none, output: .descriptor(STDOUT_FILENO),
        errors: .descriptor(STDERR_FILENO))
      return try session.exec(request, streams, control: control)
    }
    terminal?.restore()
    return Self.exitStatus(status)
  }

  /// Runs a command in several guests at once, with their names before their lines; the highest status is the result.
  func runMany(_ names: [String], _ request: ExecRequest) async throws -> Int32 {
    let (hypervisor, line, connectTimeout) = (hypervisor, line, connectTimeout)
    let results = await Batch.run(names, width: names.count) { name in
      try await hypervisor.guest(name).agent.withSession(timeout: connectTimeout) { session in
        line.end()
        let output = LinePrefixer(name, to: STDOUT_FILENO)
        let errors = LinePrefixer(name, to: STDERR_FILENO)
        defer {
          output.end()
          errors.end()
        }
        return Self.exitStatus(
          try session.exec(
            request,
            ExecStreams(input: .none, output: .handler { output.write($0) }, errors: .handler { errors.write($0) })))
      }
    }
    line.end()
    var highest: Int32 = 0
    for result in results {
      switch result.outcome {
      case .success(let status): highest = max(highest, status)
      case .failure(let error):
        ErrorReport.show(error)
        highest = max(highest, ExitStatus(error).rawValue)
      }
    }
    return highest
  }

  /// A command's end as a shell says it.
  static func exitStatus(_ status: ExecEnd) -> Int32 {
    if status.timedOut { return ExitStatus.timedOut.rawValue }
    return Int32(clamping: status.signal == 0 ? status.code : 128 + status.signal)
  }
}

extension TerminalSize {
  /// The size of the terminal that standard output or input is on; 24 by 80 where neither is.
  static var current: TerminalSize {
    var size = winsize()
    for descriptor in [STDOUT_FILENO, STDIN_FILENO] where ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 {
      if size.ws_row > 0 && size.ws_col > 0 {
        return TerminalSize(rows: UInt32(size.ws_row), columns: UInt32(size.ws_col))
      }
    }
    return TerminalSize(rows: 24, columns: 80)
  }
}
