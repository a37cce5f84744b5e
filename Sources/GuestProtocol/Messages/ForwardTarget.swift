/// What a forwarded stream is connected to in the guest; the payload of ``FrameType/open``.
package struct ForwardTarget: Message {
  /// An address or `localhost`; names are not resolved.
  package var host = ""
  /// A TCP port, from 1 to 65,535.
  package var port: UInt32 = 0
  /// A unix socket's path, instead of host and port.
  package var path: [UInt8] = []

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &host)
    try coder.field(2, &port)
    try coder.field(3, &path)
  }
}
