/// What an archive of a guest holds, a tar packed by zstd:
///
///     guest.json                  what of it is in no other file, see ``Manifest``; the first file
///     domain.xml                  its definition, see ``PortableDefinition``; the second
///     agent.key                   the key that its agent has
///     seed/…                      what cloud-init is told
///     boot/kernel, boot/initramfs what it boots, where that is not on its disks
///     nvram                       its firmware's variables, raw or qcow2
///     disks/…                     its disks, each whole by itself, by the names of their files
///     SHA256SUMS                  the checksums of all; the last file
enum GuestArchive {
  static let manifest = "guest.json"
  static let definition = "domain.xml"
  static let key = "agent.key"
  static let nvram = "nvram"

  static func seed(_ file: String) -> String { "seed/\(file)" }
  static func boot(_ role: String) -> String { "boot/\(role)" }
  static func disk(_ file: String) -> String { "disks/\(file)" }

  /// The most bytes that a file of text, a kernel or an initramfs, firmware's variables, and a disk have.
  enum Limit {
    static let text = 4 << 20
    static let boot: UInt64 = 1 << 30
    static let nvram: UInt64 = 64 << 20
    static let disk: UInt64 = 1 << 44
  }

  /// What `guest.json` says.
  struct Manifest: Codable, Sendable, Equatable {
    /// The way in which a guest is told who it is, besides its definition.
    enum Way: String, Codable, Sendable {
      /// By an archive behind the initramfs that it boots.
      case initramfs
      /// By a disk for cloud-init.
      case seed
    }

    /// The version that this program writes, and the latest that it reads.
    static let currentFormat = 1

    /// The version of the archive's format.
    var format = Self.currentFormat
    /// When it was made, in ISO 8601.
    var created: String
    /// Whether the guest has Nestor's agent.
    var hasAgent: Bool
    /// How it is handed what it is handed; nil where that is nothing.
    var way: Way?
    /// Whether it started with its container.
    var autostart: Bool
  }
}
