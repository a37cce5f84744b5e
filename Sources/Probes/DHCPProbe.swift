import CLinux
import Glibc
import NestorSupport

/// Proves that a guest on a bridge would get an address: joins a throw-away tap to it, asks like a guest, and takes the
/// first offer as the answer. The offer is not accepted, so no lease comes of it.
///
/// Needs CAP_NET_ADMIN. See RFC 2131 and netdevice(7).
package struct DHCPProbe: Sendable {
  package var bridge: String
  /// The longest wait for an offer. A bridge with STP, as libvirt makes them, keeps a new port shut for 4 s, and dnsmasq
  /// pings an address for some 3 s before it offers it.
  package var timeLimit: Duration
  /// The tun/tap device.
  package var tunPath: String

  package init(bridge: String, timeLimit: Duration = .seconds(15), tunPath: String = "/dev/net/tun") {
    self.bridge = bridge
    self.timeLimit = timeLimit
    self.tunPath = tunPath
  }

  /// Why there is no offer.
  package enum Failure: Error, Sendable, Equatable {
    /// No tap could be made.
    case tap(SystemError)
    /// The tap could not be joined to the bridge.
    case join(SystemError)
    /// Nobody answered within the time limit.
    case silence
  }

  /// Bytes of the virtio-net header that the kernel puts before each frame, see linux/virtio_net.h.
  private static let frameHeaderSize = 10
  /// The interval after which an unanswered question is asked again.
  private static let retryInterval = Duration.seconds(1)

  /// Asks, and blocks until there is an offer or the time is over.
  package func run() throws(Failure) -> DHCPOffer {
    // The tap goes with its descriptor, and leaves the bridge with that.
    let tap = try TapProbe.tap(tunPath, Failure.tap)
    do throws(SystemError) {
      try checked(nestor_bridge_add(bridge, tap.name), "SIOCBRADDIF \(bridge)")
      try checked(nestor_interface_up(tap.name), "SIOCSIFFLAGS \(tap.name)")
    } catch {
      throw .join(error)
    }
    return try converse(over: tap.descriptor.number)
  }

  private func converse(over tap: Int32) throws(Failure) -> DHCPOffer {
    // Locally administered, and no multicast address.
    let address = [0x02] + (0..<5).map { _ in UInt8.random(in: 0...255) }
    let transaction = UInt32.random(in: .min ... .max)
    let question =
      [UInt8](repeating: 0, count: Self.frameHeaderSize)
      + DHCPMessage.discover(from: address, transaction: transaction)
    let deadline = ContinuousClock.now + timeLimit
    var nextQuestion = ContinuousClock.now
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let now = ContinuousClock.now
      guard now < deadline else { throw .silence }
      if now >= nextQuestion {
        guard write(tap, question, question.count) == question.count else {
          throw .tap(SystemError("write to a tap on \(bridge)"))
        }
        nextQuestion = now + Self.retryInterval
      }
      let wait = now.duration(to: min(nextQuestion, deadline))
      var readable = pollfd(fd: tap, events: Int16(POLLIN), revents: 0)
      poll(&readable, 1, Int32(clamping: wait.clampedNanoseconds / 1_000_000 + 1))
      let count = read(tap, &buffer, buffer.count)
      guard count > Self.frameHeaderSize else { continue }
      if let offer = DHCPMessage.offer(in: buffer[Self.frameHeaderSize..<count], transaction: transaction) {
        return offer
      }
    }
  }
}
