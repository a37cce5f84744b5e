import Foundation
import NestorImages
import Processes
import Synchronization

@testable import HostSetup

/// A daemon whose answers to GET were recorded, and which keeps what it was told to change.
///
/// A change is kept as the next answer for its path, and a file that was put into a container as its digest, so that a
/// plan that was carried out can be looked at. Commands in containers succeed and print nothing, unless told otherwise.
final class Recording: DaemonTransport {
  /// What the daemon has.
  struct State: Equatable {
    /// Answers to GET by their paths.
    var answers: [String: JSONValue]
    /// The digests of containers' files, or their texts where those were given, by `CONTAINER/PATH`.
    var files: [String: String] = [:]
  }

  private struct Run {
    var state: State
    var changes: [String] = []
    var commands: [String] = []
    var replies: [(sign: String, result: ProgramResult)] = []
    var actsUntilEnd: Int?
  }

  /// What the program is ended with in the middle of its work.
  struct Killed: Error {}

  private let run: Mutex<Run>
  private let faults: [(sign: String, errors: String)]

  /// The recording of that name in `Recordings`; `faults` are what the client writes for requests that begin so.
  init(_ name: String, faults: [(String, String)] = []) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Recordings/\(name).json")
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    run = Mutex(Run(state: State(answers: try JSONValue(parsing: text).fields)))
    self.faults = faults.map { (sign: $0.0, errors: $0.1) }
  }

  /// What was asked for other than by GET, as `METHOD path`.
  var changes: [String] { run.withLock { $0.changes } }

  /// What the client did other than by queries, such as `exec lab: mv …`.
  var commands: [String] { run.withLock { $0.commands } }

  /// What the daemon has by now.
  var state: State { run.withLock { $0.state } }

  /// Puts another answer in the place of one.
  func set(_ path: String, _ answer: JSONValue) { run.withLock { $0.state.answers[path] = answer } }

  /// What a command that holds `sign` prints and ends with; the latest reply that fits counts.
  func reply(to sign: String, _ result: ProgramResult) {
    run.withLock { $0.replies.insert((sign, result), at: 0) }
  }

  /// Has the doctor in containers find all well.
  func replyToDoctor() {
    reply(
      to: "nestor doctor", ProgramResult(output: #"[{"name": "kvm", "what": "w", "verdict": "pass", "detail": "d"}]"#))
  }

  /// What works with the daemon, on a host that looks like the tree.
  func provisioner(on tree: HostTree, kind: DaemonKind = .lxd) -> Provisioner {
    Provisioner(daemon: ContainerDaemon(kind, transport: self), facts: HostFacts(root: tree.root))
  }

  /// Has the program end before the act after so many more; nil has it go on.
  func end(after acts: Int?) { run.withLock { $0.actsUntilEnd = acts } }

  func run(_ arguments: [String], input: ProgramInput) async throws -> ProgramResult {
    if arguments.first != "query" {
      let content =
        switch input {
        case .file(let path): try await Checksum(of: path, .sha256).digits
        case .text(let text): text
        case .none: ""
        }
      return try act { Self.command(arguments, content, &$0) }
    }
    guard let path = arguments.last else { return ProgramResult() }
    let method = arguments.firstIndex(of: "-X").map { arguments[$0 + 1] } ?? "GET"
    let body = try arguments.firstIndex(of: "-d").map { try JSONValue(parsing: arguments[$0 + 1]) }
    if let fault = faults.first(where: { "\(method) \(path)".hasPrefix($0.sign) }) {
      return ProgramResult(end: .exited(1), errors: fault.errors)
    }
    guard method != "GET" else { return run.withLock { Self.reply(Self.lookUp(path, $0.state.answers)) } }
    return try act { run in
      run.changes.append("\(method) \(path)")
      Self.change(method, path, body ?? .null, &run.state.answers)
      return Self.reply(.null)
    }
  }

  /// Carries out what changes something, unless the program ends before.
  private func act(_ body: (inout Run) throws -> ProgramResult) throws -> ProgramResult {
    try run.withLock { run in
      if run.actsUntilEnd == 0 { throw Killed() }
      let result = try body(&run)
      run.actsUntilEnd = run.actsUntilEnd.map { $0 - 1 }
      return result
    }
  }

  // MARK: Objects

  private static func reply(_ answer: JSONValue?) -> ProgramResult {
    guard let answer, let text = try? JSONValue.object(["type": "sync", "metadata": answer]).text() else {
      return ProgramResult(end: .exited(1), errors: "Error: not found\n")
    }
    return ProgramResult(output: text)
  }

  private static func change(
    _ method: String, _ path: String, _ body: JSONValue, _ answers: inout [String: JSONValue]
  ) {
    guard method != "POST" else {
      answers["\(path)?recursion=1"] = .array((answers["\(path)?recursion=1"]?.array ?? []) + [body])
      return
    }
    // A container's state is changed by a path of its own.
    let isState = path.hasSuffix("/state")
    let object = isState ? path.dropLast("/state".count) : path[...]
    let cut = object.lastIndex(of: "/") ?? object.endIndex
    let list = "\(object[..<cut])?recursion=1"
    let name = String(object[cut...].dropFirst())
    answers[list] = .array(
      (answers[list]?.array ?? []).compactMap { value in
        guard (value["name"] ?? value["fingerprint"])?.string == name else { return value }
        if method == "DELETE" { return nil }
        var fields = value.fields
        if isState {
          fields["status"] = body["action"] == "stop" ? "Stopped" : "Running"
        } else if method == "PATCH" {
          fields["config"] = .object((value["config"]?.fields ?? [:]).merging(body["config"]?.fields ?? [:]) { $1 })
        } else {
          fields.merge(body.fields) { $1 }
        }
        return .object(fields)
      })
  }

  /// An object by itself is found in the list of its kind.
  private static func lookUp(_ path: String, _ answers: [String: JSONValue]) -> JSONValue? {
    if let answer = answers[path] { return answer }
    // What was made meanwhile has lists of its own, empty as yet.
    if path.hasSuffix("?recursion=1") { return [] }
    guard let cut = path.lastIndex(of: "/"), !path.contains("?") else { return nil }
    let name = String(path[cut...].dropFirst())
    return answers["\(path[..<cut])?recursion=1"]?.array.first { $0["name"]?.string == name }
  }

  // MARK: Commands

  private static func command(_ arguments: [String], _ content: String, _ run: inout Run) -> ProgramResult {
    let line = arguments.joined(separator: " ")
    if let reply = run.replies.first(where: { line.contains($0.sign) }) {
      run.commands.append(line)
      return reply.result
    }
    if arguments.starts(with: ["file", "push"]), let target = arguments.last {
      run.commands.append("push \(target)")
      run.state.files[target] = content
      return ProgramResult()
    }
    guard arguments.first == "exec", let end = arguments.firstIndex(of: "--") else {
      run.commands.append(line)
      return ProgramResult()
    }
    let (container, words) = (arguments[1], Array(arguments[(end + 1)...]))
    run.commands.append("exec \(container): \(words.joined(separator: " "))")
    if words.first == "mv" {
      run.state.files["\(container)\(words[3])"] = run.state.files.removeValue(forKey: "\(container)\(words[2])")
    }
    guard words.first == "sha256sum" else { return ProgramResult() }
    let lines = words.dropFirst(2).compactMap { path in
      run.state.files["\(container)\(path)"].map { "\($0)  \(path)\n" }
    }
    return ProgramResult(output: lines.joined())
  }
}
