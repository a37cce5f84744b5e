/// A memory device's size changed in the guest, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virConnectDomainEventMemoryDeviceSizeChangeCallback.
public struct MemoryDeviceEvent: Sendable, Hashable {
  /// The device's alias, as in the XML of the domain that runs.
  public let alias: String
  /// Its size now, in bytes.
  public let size: UInt64

  init(alias: UnsafePointer<CChar>?, kibibytes: UInt64) {
    self.alias = alias.map { String(cString: $0) } ?? ""
    size = kibibytes.multipliedReportingOverflow(by: 1024).partialValue
  }
}
