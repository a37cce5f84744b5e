import Glibc
import GuestProtocol
import GuestTransport

/// The file that holds the guest's UUID and key.
enum KeyFile {
  /// Reads it; one that others than its owner may read is refused, since whoever has the key is root in the guest.
  static func read(_ path: String) throws -> GuestKey {
    var information = stat()
    guard stat(path, &information) == 0 else { throw TransportError("read the key \(path)") }
    guard information.st_mode & 0o077 == 0 else {
      throw ProtocolError(.invalid, "the key \(path) can be read by others: chmod 600 \(path)")
    }
    do {
      return try GuestKey(file: try SmallFile.read(path))
    } catch let error as ProtocolError {
      throw ProtocolError(error.code, "the key \(path) cannot be used: \(error.message)")
    }
  }
}
