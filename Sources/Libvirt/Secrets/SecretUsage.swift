import CLibvirt

/// What a secret is for, see https://libvirt.org/html/libvirt-libvirt-secret.html#virSecretUsageType.
public enum SecretUsage: Sendable, Hashable {
  /// Nothing in particular.
  case none
  /// A volume's encryption.
  case volume
  /// Ceph.
  case ceph
  /// iSCSI.
  case iscsi
  /// TLS.
  case tls
  /// The state of an emulated TPM.
  case vtpm
  /// Something that this version does not know.
  case unknown(Int32)

  init(number: Int32) {
    self =
      switch virSecretUsageType(rawValue: UInt32(bitPattern: number)) {
      case VIR_SECRET_USAGE_TYPE_NONE: .none
      case VIR_SECRET_USAGE_TYPE_VOLUME: .volume
      case VIR_SECRET_USAGE_TYPE_CEPH: .ceph
      case VIR_SECRET_USAGE_TYPE_ISCSI: .iscsi
      case VIR_SECRET_USAGE_TYPE_TLS: .tls
      case VIR_SECRET_USAGE_TYPE_VTPM: .vtpm
      default: .unknown(number)
      }
  }

  /// libvirt's number.
  var number: Int32 {
    switch self {
    case .none: Int32(VIR_SECRET_USAGE_TYPE_NONE.rawValue)
    case .volume: Int32(VIR_SECRET_USAGE_TYPE_VOLUME.rawValue)
    case .ceph: Int32(VIR_SECRET_USAGE_TYPE_CEPH.rawValue)
    case .iscsi: Int32(VIR_SECRET_USAGE_TYPE_ISCSI.rawValue)
    case .tls: Int32(VIR_SECRET_USAGE_TYPE_TLS.rawValue)
    case .vtpm: Int32(VIR_SECRET_USAGE_TYPE_VTPM.rawValue)
    case .unknown(let number): number
    }
  }
}
