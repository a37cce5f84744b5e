import CLibvirt

/// Which secrets a list holds; nothing set means all, see
/// https://libvirt.org/html/libvirt-libvirt-secret.html#virConnectListAllSecretsFlags.
public struct SecretFilter: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Those that are kept in memory only.
  public static let ephemeral = Self(VIR_CONNECT_LIST_SECRETS_EPHEMERAL)
  /// Those that are kept on disk.
  public static let noEphemeral = Self(VIR_CONNECT_LIST_SECRETS_NO_EPHEMERAL)
  /// Those whose value never leaves the daemon.
  public static let isPrivate = Self(VIR_CONNECT_LIST_SECRETS_PRIVATE)
  /// Those whose value may be read.
  public static let notPrivate = Self(VIR_CONNECT_LIST_SECRETS_NO_PRIVATE)
}
