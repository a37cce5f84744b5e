import CLibvirt

/// How a volume's content is overwritten, see
/// https://libvirt.org/html/libvirt-libvirt-storage.html#virStorageVolWipeAlgorithm. All but ``zero`` and ``trim`` need
/// the program scrub on the host.
public enum WipeAlgorithm: Sendable, Hashable {
  /// Once, with zeros.
  case zero
  /// Four times, by the US NNSA's policy.
  case nnsa
  /// Four times, by the US DoD's policy.
  case dod
  /// Nine times, by the German BSI's.
  case bsi
  /// Thirty-five times, by Gutmann's.
  case gutmann
  /// Seven times, by Schneier's.
  case schneier
  /// Seven times, by Pfitzner's.
  case pfitzner7
  /// Thirty-three times, by Pfitzner's.
  case pfitzner33
  /// Once, with random bytes.
  case random
  /// By telling the device that the blocks are not needed.
  case trim

  var number: UInt32 {
    switch self {
    case .zero: VIR_STORAGE_VOL_WIPE_ALG_ZERO.rawValue
    case .nnsa: VIR_STORAGE_VOL_WIPE_ALG_NNSA.rawValue
    case .dod: VIR_STORAGE_VOL_WIPE_ALG_DOD.rawValue
    case .bsi: VIR_STORAGE_VOL_WIPE_ALG_BSI.rawValue
    case .gutmann: VIR_STORAGE_VOL_WIPE_ALG_GUTMANN.rawValue
    case .schneier: VIR_STORAGE_VOL_WIPE_ALG_SCHNEIER.rawValue
    case .pfitzner7: VIR_STORAGE_VOL_WIPE_ALG_PFITZNER7.rawValue
    case .pfitzner33: VIR_STORAGE_VOL_WIPE_ALG_PFITZNER33.rawValue
    case .random: VIR_STORAGE_VOL_WIPE_ALG_RANDOM.rawValue
    case .trim: VIR_STORAGE_VOL_WIPE_ALG_TRIM.rawValue
    }
  }
}
