import Glibc
import GuestProtocol

/// Listens for what a guest's systemd says of itself over vsock, as its credential `vmm.notify_socket` tells it to.
///
/// systemd 254 and later connects for each message. Whoever connects from another context ID is let go unheard: before
/// Linux 7.0 any guest of the host could. https://systemd.io/CREDENTIALS/
package final class NotifyListener: Sendable {
  private let listener: Int32
  private let contextID: UInt32

  /// Listens on a port for the guest of a context ID; EADDRINUSE while another listener has it.
  package init(port: UInt32, contextID: UInt32) throws(TransportError) {
    listener = try VsockSocket.listen(port: port)
    self.contextID = contextID
  }

  deinit {
    close(listener)
  }

  /// Waits for the guest's next message; throws ``SessionEnd/interrupted`` when `interruption` is raised.
  package func next(interruption: Interruption) throws -> NotifyMessage {
    while true {
      var entries = [listener, interruption.descriptor].map {
        pollfd(fd: $0, events: Int16(truncatingIfNeeded: POLLIN), revents: 0)
      }
      guard poll(&entries, UInt(entries.count), -1) >= 0 || errno == EINTR else { throw TransportError("poll") }
      if entries[1].revents != 0 { throw SessionEnd.interrupted }
      guard let (descriptor, peer) = try VsockSocket.accept(listener) else { continue }
      let stream = try ByteStream(owning: descriptor, name: "\(peer)")
      guard peer.contextID == contextID else { continue }
      if let message = try Self.read(stream, interruption: interruption) { return message }
    }
  }

  /// Reads one message until its sender has closed; nil where that takes over a second or is too long.
  static func read(_ stream: ByteStream, interruption: Interruption) throws -> NotifyMessage? {
    var bytes: [UInt8] = []
    let deadline = Instant.now + .seconds(1)
    while bytes.count <= NotifyMessage.maximumSize {
      do {
        guard let more = try stream.readSome(until: deadline, interruption: interruption.descriptor) else { return nil }
        bytes += more
      } catch SessionEnd.peerGone {
        return NotifyMessage(bytes)
      }
    }
    return nil
  }
}
