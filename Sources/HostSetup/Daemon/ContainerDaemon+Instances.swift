import FoundationEssentials
import NestorSupport
import Processes

extension ContainerDaemon {
  /// What is done to a container's state.
  package enum Action: String, Sendable {
    case start
    case stop
    /// Stops and starts it.
    case restart
  }

  /// Starts or stops a container and waits for it; `force` does not ask the inside. Where it is in that state already
  /// nothing happens.
  package func change(
    _ name: String, _ action: Action, force: Bool = false, timeout: Duration = .seconds(120)
  ) async throws {
    let purpose = "cannot \(action.rawValue) the container \(name)"
    let wanted = action == .stop ? "Stopped" : "Running"
    if action != .restart, try await state(name) == wanted { return }
    let body: JSONValue = [
      "action": .string(action.rawValue), "force": .bool(force),
      "timeout": .integer(force ? -1 : timeout.components.seconds),
    ]
    do {
      try await query("PUT", "/1.0/instances/\(name)/state", body, purpose: purpose)
    } catch let error as NestorError {
      // The same may have been asked for by somebody else, or by an earlier run that was cut off.
      if action != .restart, try await state(name) == wanted { return }
      throw await explained(error, name)
    }
  }

  /// The error with what the container's own log says, which tells more than the daemon's answer.
  private func explained(_ error: NestorError, _ name: String) async -> NestorError {
    let words = arguments(["info", target(name), "--show-log"])
    let log = (try? await transport.run(words, input: .none))?.output ?? ""
    // A line reads `lxc NAME TIME LEVEL WHERE - FILE:FUNCTION:LINE - MESSAGE`.
    let errors = log.split(whereSeparator: \.isNewline).filter { $0.contains(" ERROR ") }.map { line in
      line.components(separatedBy: " - ").dropFirst(2).joined(separator: " - ")
    }
    var copy = error.hinting("\(commandLine) info \(target(name)) --show-log")
    if !errors.isEmpty {
      let causes = [error.cause].compactMap { $0 } + errors.prefix(3)
      copy.cause = Finding.oneLine(causes.joined(separator: "; "))
    }
    return copy
  }

  /// A container's state, such as `Running` and `Stopped`; nil where there is none of that name.
  package func state(_ name: String) async throws -> String? {
    try await find(ObjectReference(.container, name))?["status"]?.string
  }

  /// Runs a command in a container as root and answers with what it printed, whatever its exit status.
  package func run(_ command: [String], in name: String, input: ProgramInput = .none) async throws -> ProgramResult {
    try await transport.run(
      arguments(["exec", target(name), "-T"]) + (input == .none ? ["-n"] : []) + ["--"] + command, input: input)
  }

  /// Runs a command in a container as root; an exit status other than 0 is an error whose message is `purpose`.
  @discardableResult
  package func require(_ command: [String], in name: String, purpose: String) async throws -> String {
    let result = try await run(command, in: name)
    guard result.status == 0 else {
      let lines = (result.errors + "\n" + result.output).split(whereSeparator: \.isNewline).suffix(6)
      throw NestorError(
        .failed, "\(purpose) in the container \(name)",
        cause: Finding.oneLine(lines.joined(separator: "; ")),
        hint: "look yourself: \(commandLine) exec \(target(name)) -- sh")
    }
    return result.output
  }

  /// Puts a file into a container by way of a name beside it, so that a half file never stands under the name itself.
  package func push(_ source: ProgramInput, to path: String, in name: String, mode: String) async throws {
    let aside = "\(path).nestor-new"
    let arguments = arguments([
      "file", "push", "--quiet", "--create-dirs", "--uid", "0", "--gid", "0", "--mode", mode, "-",
      "\(target(name))\(aside)",
    ])
    let result = try await transport.run(arguments, input: source)
    guard result.status == 0 else {
      throw DaemonFailure(kind, errors: result.errors).error("cannot put \(path) into the container \(name)")
    }
    try await require(["mv", "-f", aside, path], in: name, purpose: "cannot put \(path) in its place")
  }

  /// The names in a folder of a container, whether it runs or not; none where there is no such folder.
  package func files(in folder: String, of name: String) async throws -> [String] {
    do {
      let purpose = "cannot look into \(folder) of the container \(name)"
      return try await query("GET", "/1.0/instances/\(name)/files?path=\(folder)", purpose: purpose).array
        .compactMap(\.string)
    } catch let error as NestorError where error.code == .notFound {
      return []
    }
  }
}
