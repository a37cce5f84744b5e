import CLinux
import Glibc
import GuestTransport
import NestorSupport

/// A socket that listens on this machine; closed, and a unix socket's file removed, when the last reference goes.
final class LocalListener: Sendable {
  /// Where it listens, with the port that it got.
  let address: LocalAddress
  let descriptor: Int32
  private let file: (device: dev_t, number: ino_t)?

  init(_ wanted: LocalAddress) throws(NestorError) {
    let target = try wanted.target()
    let descriptor = target.makeSocket()
    guard descriptor >= 0 else { throw Self.failure(wanted, -descriptor) }
    if case .unix(let path) = wanted { Self.removeStale(path, target) }
    var one: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
    setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &one, socklen_t(MemoryLayout<Int32>.size))
    var problem: Int32 = 0
    if target.withAddress({ bind(descriptor, $0, $1) }) != 0 { problem = errno }
    // Nobody can connect before listen, so that there is no moment at which others could.
    if problem == 0, case .unix(let path) = wanted, chmod(path, 0o600) != 0 { problem = errno }
    if problem == 0, listen(descriptor, 128) != 0 { problem = errno }
    guard problem == 0 else {
      close(descriptor)
      throw Self.failure(wanted, problem)
    }
    self.descriptor = descriptor
    switch wanted {
    case .tcp(let address, _): self.address = .tcp(address: address, port: Self.port(of: descriptor))
    case .unix: address = wanted
    }
    var information = stat()
    if case .unix(let path) = wanted, stat(path, &information) == 0 {
      file = (information.st_dev, information.st_ino)
    } else {
      file = nil
    }
  }

  deinit {
    close(descriptor)
    var information = stat()
    // Another program may have made one of its own there meanwhile.
    if case .unix(let path) = address, let file, stat(path, &information) == 0, information.st_dev == file.device,
      information.st_ino == file.number
    {
      unlink(path)
    }
  }

  /// Takes a connection; nil where none waits, a negated errno where there is no room for one.
  func accept() -> Int32? {
    let descriptor = Glibc.accept(self.descriptor, nil, nil)
    guard descriptor >= 0 else {
      switch errno {
      case EMFILE, ENFILE, ENOBUFS, ENOMEM: return -errno
      default: return nil
      }
    }
    guard nestor_close_on_exec(descriptor) == 0, fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else {
      close(descriptor)
      return nil
    }
    var one: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    return descriptor
  }

  /// Removes a socket that its program left behind: nobody answers on it.
  private static func removeStale(_ path: String, _ target: SocketTarget) {
    var information = stat()
    guard lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFSOCK else { return }
    let probe = target.makeSocket()
    guard probe >= 0 else { return }
    defer { close(probe) }
    if target.withAddress({ connect(probe, $0, $1) }) != 0, errno == ECONNREFUSED { unlink(path) }
  }

  private static func port(of descriptor: Int32) -> UInt16 {
    var storage = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutableBytes(of: &storage) { bytes in
      guard let base = bytes.baseAddress,
        getsockname(descriptor, base.assumingMemoryBound(to: sockaddr.self), &size) == 0
      else { return 0 }
      // The port is at the same place for IPv4 and IPv6.
      return UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
    }
  }

  private static func failure(_ address: LocalAddress, _ number: Int32) -> NestorError {
    let hint: String? =
      switch number {
      case EADDRINUSE: "another program listens there; choose another port or path"
      case EACCES: "ports below 1024 are root's; choose a higher one, or a path in a folder of your own"
      case EADDRNOTAVAIL: "the address has to be one of this machine's own"
      default: nil
      }
    return SystemError("listen", number: number).explained("cannot listen on \(address)", hint: hint)
  }
}
