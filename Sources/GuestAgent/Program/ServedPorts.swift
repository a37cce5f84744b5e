import Synchronization

/// The devices of the ports that are being served.
final class ServedPorts: Sendable {
  private let devices = Mutex<Set<String>>([])

  /// Notes a device; false where it is served already.
  func add(_ device: String) -> Bool { devices.withLock { $0.insert(device).inserted } }

  /// Forgets a device that has gone.
  func remove(_ device: String) { devices.withLock { _ = $0.remove(device) } }
}
