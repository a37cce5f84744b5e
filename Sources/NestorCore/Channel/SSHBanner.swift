import CLinux
import Glibc
import GuestTransport

/// The line with which an SSH server begins, see RFC 4253, section 4.2.
enum SSHBanner {
  /// The port of SSH servers, on every transport.
  static let port: UInt32 = 22

  /// Connects over vsock, where systemd 256 and later has a server, and reads the line; nil where none answered in time.
  static func read(from address: VsockSocket.Address, timeout: Duration) -> String? {
    let deadline = Instant.now + timeout
    guard let stream = try? VsockSocket.connect(address, timeout: timeout) else { return nil }
    return read(stream, until: deadline)
  }

  /// Connects to port 22 of a numeric address and reads the line; nil where nobody answered like an SSH server in time.
  static func read(from address: String, timeout: Duration) -> String? {
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(address, "\(port)", &hints, &list) == 0, let entry = list?.pointee else { return nil }
    defer { freeaddrinfo(list) }
    let descriptor = socket(entry.ai_family, entry.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), entry.ai_protocol)
    guard descriptor >= 0, let stream = try? ByteStream(owning: descriptor, name: address) else { return nil }
    let deadline = Instant.now + timeout
    guard connect(descriptor, entry.ai_addr, entry.ai_addrlen) == 0 || errno == EINPROGRESS else { return nil }
    return read(stream, until: deadline)
  }

  private static func read(_ stream: ByteStream, until deadline: Instant) -> String? {
    var line: [UInt8] = []
    while line.count < 255, Instant.now < deadline {
      var waiting = pollfd(fd: stream.descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, deadline.pollTimeout) > 0 else { return nil }
      var byte: UInt8 = 0
      guard case .moved? = try? withUnsafeMutableBytes(of: &byte, { try stream.read(into: $0) }) else { return nil }
      if byte == UInt8(ascii: "\n") { break }
      line.append(byte)
    }
    let text = String(decoding: line, as: UTF8.self).trimming { $0 == "\r" }
    return text.hasPrefix("SSH-") ? text : nil
  }
}

extension String {
  fileprivate func trimming(_ drop: (Character) -> Bool) -> String {
    var text = self
    while let last = text.last, drop(last) { text.removeLast() }
    return text
  }
}
