import GuestClient
import GuestProtocol
import NestorSupport

/// A rule of `nestor forward` as users write it: `[ADDRESS:]PORT:[HOST:]PORT`, with a unix socket's path on either side.
struct ForwardRule: Equatable {
  let address: LocalAddress
  let target: ForwardTarget

  var rule: PortForwarder.Rule { PortForwarder.Rule(address, to: target) }

  init(parsing text: String) throws {
    let parts = try Self.parts(text)
    func wrong(_ why: String) -> NestorError {
      NestorError(
        .invalidArgument, "'\(text)' says not what to forward", cause: why,
        hint: "[ADDRESS:]PORT:[HOST:]PORT, such as 8080:80, or a path of a unix socket on either side")
    }
    func port(_ text: String) throws -> UInt16 {
      guard let port = UInt16(text) else { throw wrong("'\(text)' is no port from 0 to 65535") }
      return port
    }
    var rest = parts[...]
    guard let first = rest.popFirst() else { throw wrong("it is empty") }
    if first.hasPrefix("/") {
      address = .unix(path: first)
    } else if let number = UInt16(first), rest.count < 3 {
      address = .tcp(port: number)
    } else {
      guard let second = rest.popFirst() else { throw wrong("the port to listen on is missing") }
      address = .tcp(address: first == "localhost" ? "127.0.0.1" : first, port: try port(second))
    }
    var target = ForwardTarget()
    switch (rest.count, rest.first) {
    case (1, let path?) where path.hasPrefix("/"): target.path = Array(path.utf8)
    case (1, let number?):
      target.host = "localhost"
      target.port = UInt32(try port(number))
    case (2, let host?):
      target.host = host
      target.port = UInt32(try port(parts[parts.count - 1]))
    default: throw wrong("there has to be one place to listen and one to connect to")
    }
    guard target.port > 0 || !target.path.isEmpty else { throw wrong("nobody can listen on port 0 in the guest") }
    self.target = target
  }

  /// The parts between colons; an IPv6 address stands in brackets.
  private static func parts(_ text: String) throws -> [String] {
    var parts: [String] = [""]
    var isBracketed = false
    for character in text {
      switch character {
      case "[" where parts[parts.count - 1].isEmpty: isBracketed = true
      case "]" where isBracketed: isBracketed = false
      case ":" where !isBracketed: parts.append("")
      default: parts[parts.count - 1].append(character)
      }
    }
    return parts
  }
}
