import NestorSupport

/// What the daemon or its client says when something fails, in terms that a user can act on.
struct DaemonFailure: Sendable {
  private let kind: DaemonKind
  /// What the client wrote, without what it says at its first run.
  let text: String

  init(_ kind: DaemonKind, errors: String) {
    self.kind = kind
    let lines = errors.split(whereSeparator: \.isNewline).map(String.init)
    // The client greets its first user on standard error.
    let start = lines.lastIndex { $0.hasPrefix("Error: ") } ?? 0
    text = Finding.oneLine(String(lines[start...].joined(separator: " ").trimmingPrefix("Error: ")))
  }

  /// The error for work on `subject`, such as `cannot make the profile nestor`.
  func error(_ message: String) -> NestorError {
    for rule in Self.rules where rule.signs.contains(where: { text.contains($0) }) {
      return NestorError(rule.code, message, cause: text, hint: rule.hint(kind))
    }
    return NestorError(.failed, message, cause: text.isEmpty ? "\(kind.program) failed and said nothing" : text)
  }

  private struct Rule {
    let code: NestorError.Code
    let signs: [String]
    let hint: @Sendable (DaemonKind) -> String?

    init(_ code: NestorError.Code, _ signs: [String], hint: @escaping @Sendable (DaemonKind) -> String? = { _ in nil })
    {
      self.code = code
      self.signs = signs
      self.hint = hint
    }
  }

  /// The first rule that fits counts.
  private static let rules = [
    Rule(
      .noSpace,
      [
        "no space left on device", "No space left on device", "isk quota exceeded", "insufficient space",
        "out of disk space",
      ]
    ) {
      "see how full the pools are: \($0.program) storage list, \($0.program) storage info POOL; delete what is not needed or"
        + " name another pool with --pool"
    },
    Rule(.permissionDenied, ["permission denied"]) {
      "become a member of the group \($0.group) (usermod -aG \($0.group) USER, then log in anew), or run this as root"
    },
    Rule(
      .unavailable, ["unix.socket: connect:", "connection refused", "Cannot connect to the daemon", "is the daemon up"]
    ) {
      "\($0.title)'s daemon does not run here: \($0.start)"
    },
    Rule(.unavailable, ["no such host", "i/o timeout", "network is unreachable", "TLS handshake timeout"]) { _ in
      "without a network use a local image: nestor-host image build, then --image nestor"
    },
    Rule(.unavailable, ["Failed to load kernel module", "modprobe"]) {
      "this kernel has no such module, or there is no modprobe: nestor-host doctor says which; then take its name out of"
        + " linux.kernel_modules (\($0.program) profile edit NAME)"
    },
    Rule(.unavailable, ["Missing source path", "device path doesn't exist", "The required device path"]) { _ in
      "the device is not there on the host: nestor-host doctor says why"
    },
    Rule(.permissionDenied, ["not authorized", "orbidden", "ot allowed", "is restricted"]) {
      "the project or the certificate forbids it: \($0.program) project show PROJECT; restricted.containers.nesting and"
        + " restricted.devices.unix-char have to be \"allow\""
    },
    Rule(.invalidArgument, ["The remote", "remote isn't", "doesn't exist as a remote"]) {
      "\($0.program) remote list names the remotes"
    },
    Rule(.exists, ["already exists", "UNIQUE constraint failed", "already in use by"]),
    Rule(.busy, ["in use", "is busy", "is running", "currently being", "Instance is busy"]),
    Rule(.notFound, ["not found", "Not Found", "No such object", "doesn't exist"]),
  ]
}
