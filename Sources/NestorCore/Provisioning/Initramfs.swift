import NestorSupport

/// An initramfs of several archives, which the kernel unpacks one over the other, see
/// https://docs.kernel.org/driver-api/early-userspace/buffer-format.html.
struct Initramfs {
  /// No initramfs, kernel or agent is larger, in bytes; what is read lies in memory as a whole.
  static let sizeLimit = 1 << 30

  /// Its bytes, ready for one more archive.
  private(set) var bytes: [UInt8] = []

  /// Adds a file that is one.
  mutating func append(contentsOf path: String) throws {
    bytes += try FileTree.read(path, limit: Self.sizeLimit)
    CPIOArchive.pad(&bytes)
  }
}
