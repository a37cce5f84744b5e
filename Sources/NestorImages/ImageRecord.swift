import NestorSupport

/// What an image's `image.json` says.
package struct ImageRecord: Codable, Sendable, Equatable {
  /// What an image is made of.
  package enum Kind: String, Codable, Sendable {
    /// A kernel and its initramfs, booted without a disk.
    case kernel
    /// A disk that guests' disks are laid over, with the kernel and the initramfs that are on it.
    case disk
  }

  /// A file of an image.
  package struct File: Codable, Sendable, Equatable {
    /// The file's name in the image's folder.
    package var name: String
    /// Its size in bytes.
    package var size: Int64
    /// Its SHA-256 in hexadecimal digits.
    package var sha256: String

    /// The role of an archive with modules for file systems, which may follow an initramfs.
    package static let fileSystems = "filesystems"
  }

  /// What the image is made of.
  package var kind: Kind
  /// One line about the image.
  package var description: String
  /// The moment it was made, in ISO 8601.
  package var created: String
  /// The packages it was made from, with their versions.
  package var sources: [String]
  /// The files by their role: `disk`, `kernel`, `initramfs`, ``File/fileSystems``.
  package var files: [String: File]
  /// The size of the disk in bytes, as a guest sees it.
  package var diskSize: UInt64?
  /// The sizes of all disks by their roles, where there can be several.
  package var diskSizes: [String: UInt64]?
  /// Where the disk comes from, if it was not built here.
  package var origin: Origin?
  /// The guest whose disks these were, if it is one for linked clones; then there may be `disk1` and so on beside `disk`.
  package var guest: Guest?

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

  /// A guest whose disks became an image.
  package struct Guest: Codable, Sendable, Equatable {
    /// The guest's name then.
    package var name: String
    package var uuid: String
    /// The snapshot that its disks were taken from; nil where it was off.
    package var snapshot: String?
    /// When the snapshot was made, in seconds since 1970.
    package var snapshotTime: Int64?

    package init(name: String, uuid: String, snapshot: String? = nil, snapshotTime: Int64? = nil) {
      self.name = name
      self.uuid = uuid
      self.snapshot = snapshot
      self.snapshotTime = snapshotTime
    }

    /// Whether it is the same state of the same guest, which may have another name now.
    package func isSame(as other: Self) -> Bool {
      uuid == other.uuid && snapshot == other.snapshot && snapshotTime == other.snapshotTime
    }
  }

  /// Where an image comes from that was not built here.
  package struct Origin: Codable, Sendable, Equatable {
    /// The name in the catalogue by which it was asked for.
    package var catalogue: String?
    /// The address that it was downloaded from.
    package var url: String?
    /// The checksum of the download, such as `sha256:…`.
    package var checksum: String?
    /// Whether that was compared with one from elsewhere.
    package var isVerified: Bool?
    /// The file that it was imported from.
    package var file: String?
    /// The guest that it was made of, generalised.
    package var guest: Guest?
    /// The format that it had.
    package var format: ImageFormat

    package init(
      catalogue: String? = nil, url: String? = nil, checksum: String? = nil, isVerified: Bool? = nil,
      file: String? = nil, guest: Guest? = nil, format: ImageFormat
    ) {
      self.catalogue = catalogue
      self.url = url
      self.checksum = checksum
      self.isVerified = isVerified
      self.file = file
      self.guest = guest
      self.format = format
    }
  }
}

extension ImageRecord.File {
  /// Looks at a file of an image's folder.
  package init(describing name: String, in directory: String) async throws {
    let sum = try await Checksum(of: "\(directory)/\(name)", .sha256)
    self.init(name: name, size: FileTree.size("\(directory)/\(name)") ?? 0, sha256: sum.digits)
  }
}
