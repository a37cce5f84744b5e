import CLibvirt

/// A domain's metadata changed, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virConnectDomainEventMetadataChangeCallback.
public enum MetadataChange: Sendable, Hashable {
  /// The description.
  case description
  /// The title.
  case title
  /// The element of a namespace.
  case element(namespace: String)
  /// Something that this version does not know.
  case unknown(Int32)

  init(_ number: Int32, namespace: UnsafePointer<CChar>?) {
    self =
      switch virDomainMetadataType(rawValue: UInt32(bitPattern: number)) {
      case VIR_DOMAIN_METADATA_DESCRIPTION: .description
      case VIR_DOMAIN_METADATA_TITLE: .title
      case VIR_DOMAIN_METADATA_ELEMENT: .element(namespace: namespace.map { String(cString: $0) } ?? "")
      default: .unknown(number)
      }
  }
}
