import CLibvirt

/// How files of a disk are merged, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainBlockCommitFlags.
public struct BlockCommitFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Without a base: into the file right below, not into the lowest.
  public static let shallow = Self(VIR_DOMAIN_BLOCK_COMMIT_SHALLOW)
  /// Delete the files that are no longer needed.
  public static let delete = Self(VIR_DOMAIN_BLOCK_COMMIT_DELETE)
  /// From the topmost, to which the guest writes; it then has to be pivoted.
  public static let active = Self(VIR_DOMAIN_BLOCK_COMMIT_ACTIVE)
  /// Keep backing files' names relative.
  public static let relative = Self(VIR_DOMAIN_BLOCK_COMMIT_RELATIVE)
}
