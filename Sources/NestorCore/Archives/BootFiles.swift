import DomainXML

/// The kernel and the initramfs that a guest boots, where these lie outside of its directory.
struct BootFiles: Sendable {
  static let kernel = "kernel"
  static let initramfs = "initramfs"

  let kernel: String?
  let initramfs: String?

  init(_ definition: DomainDefinition, outside directory: String) {
    let isOutside = { (path: String) in !path.hasPrefix("\(directory)/") }
    kernel = definition.os.kernel.flatMap { isOutside($0) ? $0 : nil }
    initramfs = definition.os.initrd.flatMap { isOutside($0) ? $0 : nil }
  }
}
