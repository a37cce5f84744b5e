import Glibc
import GuestProtocol

/// Addresses that a socket can connect or be bound to without asking anybody: numeric ones and paths.
package struct SocketTarget: Sendable {
  /// The address family, AF_INET, AF_INET6 or AF_UNIX.
  package let family: Int32
  private let storage: [UInt8]

  /// The addresses of a target, in the order in which to try them; `localhost` has two.
  package static func resolve(_ target: ForwardTarget) throws(OperationFailure) -> [SocketTarget] {
    if !target.path.isEmpty { return [try SocketTarget(path: target.path)] }
    guard let port = UInt16(exactly: target.port), port > 0 else {
      throw OperationFailure(.invalid, "\(target.port) is no TCP port")
    }
    if target.host == "localhost" {
      return ["127.0.0.1", "::1"].compactMap { SocketTarget(address: $0, port: port) }
    }
    guard let address = SocketTarget(address: target.host, port: port) else {
      throw OperationFailure(
        .invalid, "'\(CopyPath.shown(Array(target.host.utf8)))' is neither an IP address nor 'localhost'")
    }
    return [address]
  }

  /// An IPv4 or IPv6 address in digits, or nil.
  package init?(address: String, port: UInt16) {
    var four = sockaddr_in()
    var six = sockaddr_in6()
    if inet_pton(AF_INET, address, &four.sin_addr) == 1 {
      four.sin_family = sa_family_t(AF_INET)
      four.sin_port = port.bigEndian
      family = AF_INET
      storage = withUnsafeBytes(of: four) { Array($0) }
    } else if inet_pton(AF_INET6, address, &six.sin6_addr) == 1 {
      six.sin6_family = sa_family_t(AF_INET6)
      six.sin6_port = port.bigEndian
      family = AF_INET6
      storage = withUnsafeBytes(of: six) { Array($0) }
    } else {
      return nil
    }
  }

  /// A unix socket's path; one that begins with '@' is in the abstract name space, see unix(7).
  package init(path: [UInt8]) throws(OperationFailure) {
    var address = sockaddr_un()
    guard path.count < MemoryLayout.size(ofValue: address.sun_path), !path.isEmpty, !path.contains(0) else {
      throw OperationFailure(
        .invalid, "'\(CopyPath.shown(path))' cannot be the path of a unix socket", number: ENAMETOOLONG)
    }
    address.sun_family = sa_family_t(AF_UNIX)
    let isAbstract = path.first == UInt8(ascii: "@")
    withUnsafeMutableBytes(of: &address.sun_path) { room in
      room.copyBytes(from: path)
      if isAbstract { room[0] = 0 }
    }
    family = AF_UNIX
    // An abstract name ends where the address does, a path with a NUL.
    let size = MemoryLayout<sockaddr_un>.size - MemoryLayout.size(ofValue: address.sun_path) + path.count
    storage = withUnsafeBytes(of: address) { Array($0.prefix(isAbstract ? size : size + 1)) }
  }

  /// Makes a stream socket of the family, close-on-exec and non-blocking; a negated errno where there is none.
  package func makeSocket() -> Int32 {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(family, type, 0)
    return descriptor >= 0 ? descriptor : -errno
  }

  /// Calls `body` with the address as connect(2) and bind(2) want it.
  package func withAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result? {
    storage.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return nil }
      return body(base.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
    }
  }
}
