import NestorSupport

/// What a user waits for a guest to reach.
package enum WaitGoal: Sendable, Equatable {
  /// Its CPUs run.
  case running
  case off
  /// Its agent answers.
  case agent
  /// It is up: its template's console line came, or its agent says that its system is up.
  case ready
  /// A line of its console holds the text.
  case console(String)
  /// It has an address from one of libvirt's networks.
  case address
  /// An SSH server answers, over vsock or at its address.
  case ssh
  /// cloud-init is done.
  case cloudInit
  /// A path is there in the guest.
  case file(String)
  /// Somebody listens on a TCP port in the guest.
  case port(UInt16)
  /// A command in the guest, run by its shell, ends with success.
  case command(String)

  /// The words that users write, for help and hints.
  package static let words =
    "running, off, agent, ready, ip, ssh, cloud-init, console:TEXT, file:PATH, port:N, command:LINE"

  /// The goal as users write it.
  package init(parsing text: String) throws {
    switch text {
    case "running": self = .running
    case "off": self = .off
    case "agent": self = .agent
    case "ready": self = .ready
    case "ip": self = .address
    case "ssh": self = .ssh
    case "cloud-init": self = .cloudInit
    default:
      let word = text.prefix { $0 != ":" }
      let value = String(text.dropFirst(word.count + 1))
      switch word {
      case "console" where !value.isEmpty: self = .console(value)
      case "file" where value.first == "/": self = .file(value)
      case "command" where !value.isEmpty: self = .command(value)
      case "port":
        guard let port = UInt16(value), port > 0 else {
          throw NestorError(
            .invalidArgument, "'\(value)' is no TCP port", hint: "a number from 1 to 65535: --for port:80")
        }
        self = .port(port)
      case "file":
        throw NestorError(
          .invalidArgument, "nestor cannot wait for the file '\(value)'", hint: "a whole path: --for file:/run/ready")
      default:
        throw NestorError(.invalidArgument, "nestor cannot wait for '\(text)'", hint: "one of: \(Self.words)")
      }
    }
  }

  /// What is being waited for, as the end of a sentence.
  var stage: String {
    switch self {
    case .running: "waiting for it to run"
    case .off: "waiting for it to be off"
    case .agent: "waiting for its agent"
    case .ready: "waiting for its system to be up"
    case .console(let text): "waiting for '\(text)' on its console"
    case .address: "waiting for its address"
    case .ssh: "waiting for its SSH server"
    case .cloudInit: "waiting for cloud-init"
    case .file(let path): "waiting for the file \(path) in it"
    case .port(let port): "waiting for somebody to listen on its port \(port)"
    case .command(let line): "waiting for '\(line)' to succeed in it"
    }
  }

  /// Whether the goal is out of reach once the guest is off.
  var needsGuestOn: Bool {
    switch self {
    case .running, .off: false
    default: true
    }
  }
}
