import NestorSupport

/// LXD or Incus, spoken to by way of its own client with the user's own rights.
///
/// Objects go by `lxc query` or `incus query`, which reach the whole REST API, see
/// <https://documentation.ubuntu.com/lxd/stable-5.0/rest-api/>; files and commands by the client's own subcommands.
/// All calls throw ``NestorError``.
package struct ContainerDaemon: Sendable {
  package let kind: DaemonKind
  /// The client's name for the machine where the daemon runs; nil for this one.
  package let remote: String?
  /// The project; nil for the daemon's default.
  package let project: String?
  let transport: any DaemonTransport

  /// A daemon that is reached by `transport`; nothing is tried yet.
  package init(
    _ kind: DaemonKind, remote: String? = nil, project: String? = nil, transport: (any DaemonTransport)? = nil
  ) {
    self.kind = kind
    self.remote = remote
    self.project = project
    self.transport = transport ?? ClientProgram(kind)
  }

  /// The answer's `metadata`; `purpose` begins the error's message, such as `cannot list the profiles`.
  ///
  /// Where the daemon makes an operation of it, this waits for its end and answers with the operation's own metadata.
  @discardableResult
  package func query(
    _ method: String = "GET", _ path: String, _ body: JSONValue? = nil, purpose: String,
    progress: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> JSONValue {
    let answer = try await send(method, path, body, purpose: purpose)
    guard answer["type"]?.string == "async", let operation = answer["operation"]?.string, !operation.isEmpty else {
      return answer["metadata"] ?? .null
    }
    return try await finish(operation, purpose: purpose, progress: progress)
  }

  /// One request and the whole answer.
  func send(_ method: String, _ path: String, _ body: JSONValue? = nil, purpose: String) async throws -> JSONValue {
    var arguments = ["query", "--raw"]
    if method != "GET" { arguments += ["-X", method] }
    if let body {
      do {
        arguments += ["-d", try body.text()]
      } catch {
        throw NestorError(.failed, purpose, cause: "\(error)")
      }
    }
    arguments.append((remote.map { "\($0):" } ?? "") + withProject(path))
    let result = try await transport.run(arguments, input: .none)
    guard result.status == 0 else { throw DaemonFailure(kind, errors: result.errors).error(purpose) }
    do {
      return try JSONValue(parsing: result.output)
    } catch {
      throw NestorError(
        .corrupted, purpose, cause: "the answer to \(method) \(path) is no JSON: \(result.output.prefix(200))")
    }
  }

  /// The client's own option for a project does not go with `query`.
  private func withProject(_ path: String) -> String {
    guard let project, !path.contains("project=") else { return path }
    return path + (path.contains("?") ? "&" : "?") + "project=\(project)"
  }

  /// The words by which the client is called for one of its subcommands.
  func arguments(_ words: [String]) -> [String] {
    words + (project.map { ["--project", $0] } ?? [])
  }

  /// An instance's name as the client's subcommands take it.
  package func target(_ name: String) -> String { (remote.map { "\($0):" } ?? "") + name }

  /// How a person calls the client in this project, such as `lxc --project lab`.
  package var commandLine: String { kind.program + (project.map { " --project \($0)" } ?? "") }
}
