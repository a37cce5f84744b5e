import CLinux
import Glibc
import NestorSupport

/// Proves that a guest on a bridge would get an address: joins a throw-away tap to it, asks like a guest, and takes the
/// first offer as the answer. The offer is not accepted, so no lease comes of it.
///
/// Needs CAP_NET_ADMIN. See RFC 2131 and netdevice(7).
struct DHCPProbe: Sendable {
  /// The bridge.
  var bridge: String
  /// The longest wait for an offer. A bridge with STP, as libvirt makes them, keeps a new port shut for 4 s, and dnsmasq
  /// pings an address for some 3 s before it offers it.
  var timeLimit: Duration = .seconds(15)
  /// The tun/tap device.
  var tunPath = "/dev/net/tun"

  /// Why there is no offer.
  enum Failure: Error, Sendable, Equatable {
    /// No tap could be made.
    case tap(SystemError)
    /// The tap could not be joined to the bridge.
    case join(SystemError)
    /// Nobody answered within the time limit.
    case silence
  }

  /// Bytes of the virtio-net header that the kernel puts before each frame, see linux/virtio_net.h.
  private static let frameHeaderSize = 10
  /// From linux/sockios.h, where Swift does not see it.
  private static let addInterfaceToBridge: UInt = 0x89a2
  /// The interval after which an unanswered question is asked again.
  private static let patience = Duration.seconds(1)

  /// Asks, and blocks until there is an offer or the time is over.
  func run() throws(Failure) -> DHCPOffer {
    let tap = open(tunPath, O_RDWR | O_CLOEXEC | O_NONBLOCK)
    guard tap >= 0 else { throw .tap(SystemError("open \(tunPath)")) }
    // The tap goes with its descriptor, and leaves the bridge with that.
    defer { close(tap) }
    var name = Array("nestor%d".utf8CString)
    name += [CChar](repeating: 0, count: Int(NESTOR_INTERFACE_NAME_SIZE) - name.count)
    let made = nestor_tap_create(tap, &name)
    guard made >= 0 else { throw .tap(SystemError("TUNSETIFF \(tunPath)", number: -made)) }
    do throws(SystemError) {
      try join(String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    } catch {
      throw .join(error)
    }
    return try converse(over: tap)
  }

  private func join(_ interface: String) throws(SystemError) {
    guard if_nametoindex(bridge) != 0 else { throw SystemError("find the bridge \(bridge)") }
    let control = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard control >= 0 else { throw SystemError("socket AF_INET") }
    defer { close(control) }
    let index = if_nametoindex(interface)
    try request(control, Self.addInterfaceToBridge, bridge, Int32(bitPattern: index), "SIOCBRADDIF \(bridge)")
    let flags = Int16(truncatingIfNeeded: IFF_UP | IFF_RUNNING)
    try request(control, UInt(SIOCSIFFLAGS), interface, flags, "SIOCSIFFLAGS \(interface)")
  }

  /// An ioctl with a struct ifreq: 16 bytes of name, then a union of 24 bytes.
  private func request(
    _ control: Int32, _ number: UInt, _ interface: String, _ value: some FixedWidthInteger, _ call: String
  ) throws(SystemError) {
    var bytes = Array(interface.utf8.prefix(15))
    bytes += [UInt8](repeating: 0, count: 40 - bytes.count)
    withUnsafeBytes(of: value) { bytes.replaceSubrange(16..<16 + $0.count, with: $0) }
    let result = bytes.withUnsafeMutableBytes { buffer in
      buffer.baseAddress.map { ioctl(control, number, $0) } ?? -1
    }
    guard result == 0 else { throw SystemError(call) }
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
        nextQuestion = now + Self.patience
      }
      let wait = now.duration(to: min(nextQuestion, deadline))
      var readable = pollfd(fd: tap, events: Int16(POLLIN), revents: 0)
      poll(
        &readable, 1, Int32(wait.components.seconds * 1000 + wait.components.attoseconds / 1_000_000_000_000_000) + 1)
      let count = read(tap, &buffer, buffer.count)
      guard count > Self.frameHeaderSize else { continue }
      if let offer = DHCPMessage.offer(in: buffer[Self.frameHeaderSize..<count], transaction: transaction) {
        return offer
      }
    }
  }
}
