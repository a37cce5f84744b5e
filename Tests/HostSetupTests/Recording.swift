import Foundation
import HostSetup
import Processes
import Synchronization

/// A daemon whose answers to GET were recorded, and which keeps what it was told to change.
///
/// A change is kept as the next answer for its path, so that a plan that was carried out can be looked at.
final class Recording: DaemonTransport {
  private let answers: Mutex<[String: JSONValue]>
  private let sent = Mutex<[String]>([])
  private let faults: [(sign: String, errors: String)]

  /// The recording of that name in `Recordings`; `faults` are what the client writes for requests that begin so.
  init(_ name: String, faults: [(String, String)] = []) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Recordings/\(name).json")
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    answers = Mutex(try JSONValue(parsing: text).fields)
    self.faults = faults.map { (sign: $0.0, errors: $0.1) }
  }

  /// What was asked for other than by GET, as `METHOD path`.
  var changes: [String] { sent.withLock { $0 } }

  /// Puts another answer in the place of one.
  func set(_ path: String, _ answer: JSONValue) { answers.withLock { $0[path] = answer } }

  func run(_ arguments: [String], input: ProgramInput) async throws -> ProgramResult {
    guard arguments.first == "query", let path = arguments.last else { return ProgramResult() }
    let method = arguments.firstIndex(of: "-X").map { arguments[$0 + 1] } ?? "GET"
    let body = try arguments.firstIndex(of: "-d").map { try JSONValue(parsing: arguments[$0 + 1]) }
    if let fault = faults.first(where: { "\(method) \(path)".hasPrefix($0.sign) }) {
      return ProgramResult(end: .exited(1), errors: fault.errors)
    }
    if method != "GET" { sent.withLock { $0.append("\(method) \(path)") } }
    return answers.withLock { answers in
      let answer: JSONValue?
      switch method {
      case "GET": answer = Self.lookUp(path, answers)
      case "POST":
        answers["\(path)?recursion=1"] = .array((answers["\(path)?recursion=1"]?.array ?? []) + [body ?? .null])
        answer = .null
      case "PUT", "DELETE":
        let cut = path.lastIndex(of: "/") ?? path.endIndex
        let list = "\(path[..<cut])?recursion=1"
        let name = String(path[cut...].dropFirst())
        answers[list] = .array(
          (answers[list]?.array ?? []).compactMap { value in
            guard (value["name"] ?? value["fingerprint"])?.string == name else { return value }
            return method == "DELETE" ? nil : .object(value.fields.merging(body?.fields ?? [:]) { $1 })
          })
        answer = .null
      default: answer = .null
      }
      guard let answer, let text = try? JSONValue.object(["type": "sync", "metadata": answer]).text() else {
        return ProgramResult(end: .exited(1), errors: "Error: not found\n")
      }
      return ProgramResult(output: text)
    }
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
}
