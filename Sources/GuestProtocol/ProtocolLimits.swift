/// The numbers that bound what a peer can make the other side hold.
package enum ProtocolLimits {
  /// The versions of the protocol that this code speaks.
  package static let versions: ClosedRange<UInt32> = 1...1
  /// The port on which an agent listens unless told otherwise.
  package static let vsockPort: UInt32 = 1024
  /// The names of an agent's virtio-serial ports begin with this; the number of the port follows.
  package static let portPrefix = "org.nestor.agent."
  /// The number of virtio-serial ports of a guest without vsock.
  package static let portCount = 8
  /// The longest payload of a frame, in bytes.
  package static let maximumPayload = 65_536
  /// The longest body of a handshake packet, in bytes.
  package static let maximumPacketBody = 1_024
  /// The credit for each stream with which an agent begins, in bytes.
  package static let agentWindow: UInt32 = 256 * 1_024
  /// The credit for each stream with which a client begins, in bytes.
  package static let clientWindow: UInt32 = 1_024 * 1_024
  /// No side may grant or hold more credit for a stream than this, in bytes.
  package static let maximumWindow: UInt32 = 16 * 1_024 * 1_024
  /// A peer that was silent for this long is sent a ping.
  package static let pingAfter = Duration.seconds(5)
  /// A peer that was silent for this long is gone.
  package static let silenceLimit = Duration.seconds(30)
  /// An unauthenticated peer is given this long for its handshake.
  package static let handshakeLimit = Duration.seconds(10)
  /// The longest path of a copy's entry, in bytes: two of them fit into a frame.
  package static let maximumPath = 32_000
  /// The most files of a copy that may have hard links to them.
  package static let maximumLinkedFiles = 65_536
  /// The credit with which each forwarded stream begins, in both directions, in bytes. The receiver grants more at once
  /// while it has room for few streams.
  package static let streamWindow: UInt32 = 16 * 1_024
  /// The most streams that a session may have open at once.
  package static let maximumStreams = 1_024
}
