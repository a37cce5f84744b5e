/// The format of a core dump, see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainCoreDumpFormat.
public enum CoreDumpFormat: UInt32, Sendable, CaseIterable {
  /// As it is.
  case raw = 0
  /// kdump's, compressed by zlib.
  case kdumpZlib = 1
  /// kdump's, compressed by LZO.
  case kdumpLZO = 2
  /// kdump's, compressed by Snappy.
  case kdumpSnappy = 3
  /// That of Windows' crash dumps; the guest has to be Windows.
  case windows = 4
}
