/// A picture of a guest's screen, see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainScreenshot.
public struct Screenshot: Sendable, Equatable {
  /// The kind of picture as the driver names it, such as `image/png` or `image/x-portable-pixmap`.
  public let mimeType: String
  /// The picture's file.
  public let bytes: [UInt8]
}
