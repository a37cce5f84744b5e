import CLibvirt

/// What goes with a domain that is undefined, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainUndefineFlagsValues.
public struct DomainUndefineFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Its saved memory.
  public static let managedSave = Self(VIR_DOMAIN_UNDEFINE_MANAGED_SAVE)
  /// libvirt's knowledge of its snapshots.
  public static let snapshotsMetadata = Self(VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA)
  /// Its firmware variables.
  public static let nvram = Self(VIR_DOMAIN_UNDEFINE_NVRAM)
  /// Everything but its firmware variables.
  public static let keepNVRAM = Self(VIR_DOMAIN_UNDEFINE_KEEP_NVRAM)
  /// libvirt's knowledge of its checkpoints.
  public static let checkpointsMetadata = Self(VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA)
  /// The state of its TPM.
  public static let tpm = Self(VIR_DOMAIN_UNDEFINE_TPM)
  /// Everything but the state of its TPM.
  public static let keepTPM = Self(VIR_DOMAIN_UNDEFINE_KEEP_TPM)
}
