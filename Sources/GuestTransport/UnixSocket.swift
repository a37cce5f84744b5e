import Glibc

/// Connecting to unix sockets, see unix(7): those behind a guest's virtio-serial ports, and those that are forwarded.
package enum UnixSocket {
  /// Connects to a path. A server that takes one client at a time lets a second one wait in its queue.
  package static func connect(_ path: String) throws(TransportError) -> ByteStream {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw TransportError("connect to \(path)", number: ENAMETOOLONG)
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw TransportError("make a unix socket") }
    let stream = try ByteStream(owning: descriptor, name: path)
    let status = withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard status == 0 else { throw TransportError("connect to \(path)") }
    return stream
  }
}
