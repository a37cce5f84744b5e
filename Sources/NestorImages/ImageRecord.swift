import NestorSupport

/// What an image's `image.json` says.
public struct ImageRecord: Codable, Sendable, Equatable {
  /// What an image is made of.
  public enum Kind: String, Codable, Sendable {
    /// A kernel and its initramfs, booted without a disk.
    case kernel
    /// A disk that guests' disks are laid over, with the kernel and the initramfs that are on it.
    case disk
  }

  /// A file of an image.
  public struct File: Codable, Sendable, Equatable {
    /// The file's name in the image's folder.
    public var name: String
    /// Its size in bytes.
    public var size: Int64
    /// Its SHA-256 in hexadecimal digits.
    public var sha256: String
  }

  /// What the image is made of.
  public var kind: Kind
  /// One line about the image.
  public var description: String
  /// The moment it was made, in ISO 8601.
  public var created: String
  /// The packages it was made from, with their versions.
  public var sources: [String]
  /// The files by their role: `disk`, `kernel`, `initramfs`.
  public var files: [String: File]
  /// The size of the disk in bytes, as a guest sees it.
  public var diskSize: UInt64?
  /// The sizes of all disks by their roles, where there can be several.
  public var diskSizes: [String: UInt64]?
  /// Where the disk comes from, if it was not built here.
  public var origin: Origin?
  /// The guest whose disks these were, if it is one; then there may be `disk1` and so on beside `disk`.
  public var guest: Guest?

  package init(
    kind: Kind, description: String, created: String, sources: [String], files: [String: File], diskSize: UInt64? = nil,
    diskSizes: [String: UInt64]? = nil, origin: Origin? = nil, guest: Guest? = nil
  ) {
    self.kind = kind
    self.description = description
    self.created = created
    self.sources = sources
    self.files = files
    self.diskSize = diskSize
    self.diskSizes = diskSizes
    self.origin = origin
    self.guest = guest
  }

  /// A guest whose disks became an image, for copies that are laid over it.
  public struct Guest: Codable, Sendable, Equatable {
    /// The guest's name then.
    public var name: String
    /// Its UUID.
    public var uuid: String
    /// The snapshot that its disks were taken from; nil where it was off.
    public var snapshot: String?
    /// When the snapshot was made, in seconds since 1970.
    public var snapshotTime: Int64?

    package init(name: String, uuid: String, snapshot: String? = nil, snapshotTime: Int64? = nil) {
      self.name = name
      self.uuid = uuid
      self.snapshot = snapshot
      self.snapshotTime = snapshotTime
    }
  }

  /// Where an image comes from that somebody else made.
  public struct Origin: Codable, Sendable, Equatable {
    /// The name in the catalogue by which it was asked for.
    public var catalogue: String?
    /// The address that it was downloaded from.
    public var url: String?
    /// The checksum of the download, such as `sha256:…`.
    public var checksum: String?
    /// Whether that was compared with one from elsewhere.
    public var isVerified: Bool?
    /// The file that it was imported from.
    public var file: String?
    /// The format that it had.
    public var format: ImageFormat
  }
}

extension ImageRecord.File {
  /// Looks at a file of an image's folder.
  package init(describing name: String, in directory: String) async throws {
    let sum = try await Checksum(of: "\(directory)/\(name)", .sha256)
    self.init(name: name, size: FileTree.size("\(directory)/\(name)") ?? 0, sha256: sum.digits)
  }
}
