import Glibc
import GuestTransport

/// Whole files, for those that are small: settings, and what the kernel shows in /proc and /sys.
enum SmallFile {
  /// Reads at most a mebibyte.
  static func read(_ path: String) throws(TransportError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw TransportError("open \(path)") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while bytes.count < 1 << 20 {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw TransportError("read \(path)") }
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return bytes
  }
}
