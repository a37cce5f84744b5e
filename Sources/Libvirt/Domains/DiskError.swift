import CLibvirt
import Glibc

/// What is wrong with a disk, see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainDiskErrorCode.
public enum DiskError: Sendable, Hashable {
  /// The host does not say.
  case unspecified
  /// The host's file system is full.
  case noSpace
  /// Something that this version does not know.
  case unknown(Int32)

  init(_ number: Int32) {
    self =
      switch virDomainDiskErrorCode(rawValue: UInt32(bitPattern: number)) {
      case VIR_DOMAIN_DISK_ERROR_UNSPEC: .unspecified
      case VIR_DOMAIN_DISK_ERROR_NO_SPACE: .noSpace
      default: .unknown(number)
      }
  }

  /// The errors by their disks' targets, of which the names are freed.
  static func taking(_ errors: some Sequence<virDomainDiskError>) -> [String: DiskError] {
    var values: [String: DiskError] = [:]
    for error in errors {
      guard let disk = error.disk else { continue }
      values[String(cString: disk)] = DiskError(error.error)
      free(disk)
    }
    return values
  }
}
