import GuestProtocol
import GuestTransport

/// What the agent was started with; nothing has to be said.
package struct AgentOptions: Sendable, Equatable {
  /// The file with the guest's UUID and key.
  package var keyFile = "/etc/nestor/agent.key"
  /// The port to listen on.
  package var vsockPort = ProtocolLimits.vsockPort
  /// Whether to listen on vsock.
  package var usesVsock = true
  /// The only context ID that may connect: 2 is the host.
  package var peer: UInt32 = 2
  /// Whether to serve virtio-serial ports.
  package var usesPorts = true
  /// How many sessions there may be at once.
  package var maximumSessions = 256

  /// What the command line asks for.
  package enum ParsedCommandLine: Sendable, Equatable {
    /// Print the help.
    case help
    /// Print the version.
    case version
    /// Serve with these options.
    case serve(AgentOptions)
  }

  package static let help = """
    usage: nestor-agent [OPTION…]
    Answers Nestor's clients, over vsock and over virtio-serial ports, for as long as it runs.

      --key FILE          the guest's UUID and key (default: /etc/nestor/agent.key), which only root may be able to read
      --vsock-port N      the vsock port to listen on (default: 1024)
      --no-vsock          do not listen on vsock
      --peer-cid N        the context ID that may connect (default: 2, the host)
      --no-ports          do not serve virtio-serial ports
      --max-sessions N    how many sessions there may be at once (default: 256)
      --version           print the version
      --help              print this

    """

  /// The options with their defaults.
  package init() {}

  /// Reads a command line, without the program's name.
  package static func parse(_ arguments: [String]) throws(ProtocolError) -> ParsedCommandLine {
    var options = AgentOptions()
    var rest = arguments[...]
    while let word = rest.popFirst() {
      switch word {
      case "--help", "-h": return .help
      case "--version": return .version
      case "--no-vsock": options.usesVsock = false
      case "--no-ports": options.usesPorts = false
      case "--key": options.keyFile = try value(of: word, &rest)
      case "--vsock-port": options.vsockPort = try number(of: word, &rest, 1...0xffff_fffe)
      case "--peer-cid": options.peer = try number(of: word, &rest, 0...0xffff_fffe)
      case "--max-sessions": options.maximumSessions = Int(try number(of: word, &rest, 1...10_000))
      default: throw ProtocolError(.invalid, "there is no option '\(word)'; see nestor-agent --help")
      }
    }
    guard options.usesVsock || options.usesPorts else {
      throw ProtocolError(.invalid, "with both --no-vsock and --no-ports nobody could reach the agent")
    }
    return .serve(options)
  }

  private static func value(of option: String, _ rest: inout ArraySlice<String>) throws(ProtocolError) -> String {
    guard let value = rest.popFirst(), !value.isEmpty else {
      throw ProtocolError(.invalid, "\(option) needs a value behind it")
    }
    return value
  }

  private static func number(
    of option: String, _ rest: inout ArraySlice<String>, _ range: ClosedRange<UInt32>
  ) throws(ProtocolError) -> UInt32 {
    let text = try value(of: option, &rest)
    guard let number = UInt32(text), range.contains(number) else {
      throw ProtocolError(
        .invalid, "\(option) takes a number from \(range.lowerBound) to \(range.upperBound), not '\(text)'")
    }
    return number
  }
}
