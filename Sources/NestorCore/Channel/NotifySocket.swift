import DomainXML

/// The vsock port of the host at which a guest's systemd says that it is up, by its credential `vmm.notify_socket`.
///
/// The port stays with the guest, since its memory holds it after a wake. Nobody listens there but who waits for the
/// guest, see <https://www.freedesktop.org/software/systemd/man/latest/systemd.system-credentials.html>.
struct NotifySocket: Sendable, Equatable {
  /// The port, from 0x10000 on.
  let port: UInt32

  private static let start = "io.systemd.credential:vmm.notify_socket=vsock-stream:2:"

  /// The socket of the guest of a UUID.
  init(uuid: String) {
    port = Identifiers.notifyPort(uuid: uuid)
  }

  /// The socket that a running domain was told of; nil where it was told of none.
  init?(_ definition: DomainDefinition) {
    let texts = definition.smbios?.oemStrings.filter { $0.hasPrefix(Self.start) } ?? []
    guard let text = texts.last, let port = UInt32(text.dropFirst(Self.start.count)) else { return nil }
    self.port = port
  }

  /// The string of the SMBIOS tables.
  var credential: String { "\(Self.start)\(port)" }
}
