import CLibvirt

/// Which secrets a list holds; nothing set means all, see
/// https://libvirt.org/html/libvirt-libvirt-secret.html#virConnectListAllSecretsFlags.
public struct SecretFilter: OptionSet, Sendable {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Those that are kept in memory only.
  public static let ephemeral = SecretFilter(rawValue: UInt32(VIR_CONNECT_LIST_SECRETS_EPHEMERAL.rawValue))
  /// Those that are kept on disk.
  public static let noEphemeral = SecretFilter(rawValue: UInt32(VIR_CONNECT_LIST_SECRETS_NO_EPHEMERAL.rawValue))
  /// Those whose value never leaves the daemon.
  public static let isPrivate = SecretFilter(rawValue: UInt32(VIR_CONNECT_LIST_SECRETS_PRIVATE.rawValue))
  /// Those whose value may be read.
  public static let notPrivate = SecretFilter(rawValue: UInt32(VIR_CONNECT_LIST_SECRETS_NO_PRIVATE.rawValue))
}
