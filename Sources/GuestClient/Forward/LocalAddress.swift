import Glibc
import GuestProtocol
import GuestTransport
import NestorSupport

/// Where this machine listens for connections that are forwarded.
package enum LocalAddress: Sendable, Equatable, CustomStringConvertible {
  /// A TCP port on an address in digits; port 0 takes a free one.
  case tcp(address: String = "127.0.0.1", port: UInt16)
  /// A unix socket, open to its owner only.
  case unix(path: String)

  /// As users write it.
  package var description: String {
    switch self {
    case .tcp(let address, let port):
      address.utf8.contains(UInt8(ascii: ":")) ? "[\(address)]:\(port)" : "\(address):\(port)"
    case .unix(let path): path
    }
  }

  func target() throws(NestorError) -> SocketTarget {
    switch self {
    case .tcp(let address, let port):
      guard let target = SocketTarget(address: address == "localhost" ? "127.0.0.1" : address, port: port) else {
        throw NestorError(
          .invalidArgument, "cannot listen on '\(address)'", cause: "it is not an IP address",
          hint: "give an address of this machine in digits, such as 127.0.0.1 or ::1")
      }
      return target
    case .unix(let path):
      do {
        return try SocketTarget(path: Array(path.utf8))
      } catch {
        throw NestorError(.invalidArgument, "cannot listen on '\(path)'", cause: error.error.message)
      }
    }
  }
}
