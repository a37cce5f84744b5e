import CLibvirt

/// What goes with a domain that is undefined, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainUndefineFlagsValues.
public struct DomainUndefineFlags: OptionSet, Sendable {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Its saved memory.
  public static let managedSave = DomainUndefineFlags(rawValue: UInt32(VIR_DOMAIN_UNDEFINE_MANAGED_SAVE.rawValue))
  /// libvirt's knowledge of its snapshots.
  public static let snapshotsMetadata = DomainUndefineFlags(
    rawValue: UInt32(VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA.rawValue))
  /// Its firmware variables.
  public static let nvram = DomainUndefineFlags(rawValue: UInt32(VIR_DOMAIN_UNDEFINE_NVRAM.rawValue))
  /// Everything but its firmware variables.
  public static let keepNVRAM = DomainUndefineFlags(rawValue: UInt32(VIR_DOMAIN_UNDEFINE_KEEP_NVRAM.rawValue))
  /// libvirt's knowledge of its checkpoints.
  public static let checkpointsMetadata = DomainUndefineFlags(
    rawValue: UInt32(VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA.rawValue))
  /// The state of its TPM.
  public static let tpm = DomainUndefineFlags(rawValue: UInt32(VIR_DOMAIN_UNDEFINE_TPM.rawValue))
  /// Everything but the state of its TPM.
  public static let keepTPM = DomainUndefineFlags(rawValue: UInt32(VIR_DOMAIN_UNDEFINE_KEEP_TPM.rawValue))
}
