import Glibc
import NestorSupport

extension ContainerDaemon {
  /// Finds the daemon to use and asks it for its version.
  ///
  /// `kind` decides where it is given, then the variable NESTOR_ENGINE, then those that name a socket (LXD_DIR,
  /// LXD_SOCKET, INCUS_DIR, INCUS_SOCKET), then which socket is there, then which client is installed. Where both daemons
  /// are there the caller has to choose.
  package static func connect(
    _ kind: DaemonKind? = nil, remote: String? = nil, project: String? = nil,
    transport: (any DaemonTransport)? = nil
  ) async throws -> ContainerDaemon {
    if let project { try NameRules.check(project, what: "project") }
    if let remote { try NameRules.check(remote, what: "remote") }
    let chosen: DaemonKind
    if let kind { chosen = kind } else { chosen = try detect() }
    let daemon = ContainerDaemon(chosen, remote: remote, project: project, transport: transport)
    _ = try await daemon.server()
    return daemon
  }

  /// Which daemon is meant where nobody says so, see ``connect(_:remote:project:transport:)``.
  static func detect(
    variable: @escaping (String) -> String? = EnvironmentVariable.value,
    exists: @escaping (String) -> Bool = FileTree.exists,
    isInstalled: @escaping (DaemonKind) -> Bool = { ClientProgram.path($0) != nil }
  ) throws -> DaemonKind {
    if let name = variable("NESTOR_ENGINE") {
      guard let kind = DaemonKind(rawValue: name) else {
        throw NestorError(.invalidArgument, "NESTOR_ENGINE names no container daemon: \(name)", hint: "lxd or incus")
      }
      return kind
    }
    let ways: [(DaemonKind) -> Bool] = [
      { $0.variables.contains { variable($0) != nil } }, { $0.sockets.contains(where: exists) }, isInstalled,
    ]
    for way in ways {
      let found = DaemonKind.allCases.filter(way)
      if found.count == 1 { return found[0] }
      if found.count > 1 {
        throw NestorError(
          .invalidArgument, "both LXD and Incus are here", hint: "choose with --engine lxd or --engine incus")
      }
    }
    throw NestorError(
      .unavailable, "there is neither LXD nor Incus on this machine",
      hint: DaemonKind.allCases.map { "\($0.title): \($0.installation)" }.joined(separator: "; or "))
  }

  /// What the daemon says of itself; an old one, or one that does not trust the user, is an error.
  package func server() async throws -> DaemonServer {
    let answer = try await query("GET", "/1.0", purpose: "cannot speak with \(kind.title)")
    let environment = answer["environment"] ?? .null
    if answer["auth"]?.string == "untrusted" {
      throw NestorError(
        .permissionDenied, "\(kind.title) does not trust you", cause: "the remote \(remote ?? "local") says untrusted",
        hint: "\(kind.program) remote add \(remote ?? "NAME") ADDRESS, with a token from that machine")
    }
    let text = environment["server_version"]?.string ?? ""
    guard let version = DaemonVersion(text) else {
      throw NestorError(.corrupted, "cannot speak with \(kind.title)", cause: "it says that its version is '\(text)'")
    }
    guard version >= kind.oldestVersion else {
      throw NestorError(
        .unsupported, "\(kind.title) \(version) is too old", cause: "\(kind.oldestVersion) or later is needed",
        hint: "install a newer \(kind.title): \(kind.installation)")
    }
    return DaemonServer(
      version: version, name: environment["server_name"]?.string ?? "",
      extensions: Set((answer["api_extensions"] ?? .null).array.compactMap(\.string)),
      storageDrivers: (environment["storage_supported_drivers"] ?? .null).array.compactMap { $0["Name"]?.string },
      isClustered: environment["server_clustered"]?.bool ?? false)
  }
}
