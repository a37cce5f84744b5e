import NestorSupport

/// A guest's virtio-serial ports, of which each carries one session at a time.
///
/// QEMU lets a second client of a port wait without a word, so clients agree by locks in the run folder; the kernel
/// frees the lock of one that dies.
struct PortPool: Sendable {
  /// The sockets behind the ports.
  let paths: [String]
  /// The guest's UUID.
  let uuid: String
  let state: StateDirectory

  /// A port that nobody has, with the lock that keeps it; nil where all are taken.
  func take() throws -> (path: String, lock: FileLock)? {
    for (number, path) in paths.enumerated() {
      if let lock = try FileLock.tryAcquire(state.lock("port", "\(uuid)-\(number)")) { return (path, lock) }
    }
    return nil
  }
}
