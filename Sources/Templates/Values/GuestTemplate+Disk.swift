extension GuestTemplate {
  /// A disk, <https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms>.
  package struct Disk: Sendable, Equatable {
    /// Where a disk's content comes from.
    package enum Source: Sendable, Equatable {
      /// A new, empty disk of this size, which belongs to the guest.
      case empty(ByteSize)
      /// An overlay on a Nestor image, grown to the size where one is given; it belongs to the guest.
      case image(String, size: ByteSize?)
      /// An existing file, which the guest changes in place and which delete leaves alone.
      case path(String)
    }

    /// The format of a disk's file; never guessed, since a guest could then write one that reaches other files.
    package enum Format: String, Sendable, CaseIterable {
      /// QEMU's format: grows as it is filled, can have snapshots.
      case qcow2
      /// The bytes themselves.
      case raw
    }

    /// The device that the guest sees.
    package enum Bus: String, Sendable, CaseIterable {
      /// virtio-blk.
      case virtio
      /// A disk on a virtio-scsi controller.
      case scsi
    }

    /// How the container caches the disk.
    package enum Cache: String, Sendable, CaseIterable {
      /// QEMU's default, writeback.
      case `default`
      /// Past the container's page cache.
      case none
      /// Through the page cache; the guest's flushes reach the disk.
      case writeback
      /// Through the page cache; every write reaches the disk.
      case writethrough
      /// Past the page cache; every write reaches the disk.
      case directsync
      /// The guest's flushes are ignored: for data that may be lost.
      case unsafe
    }

    /// What becomes of blocks that the guest discards.
    package enum Discard: String, Sendable, CaseIterable {
      /// The file gives them back.
      case unmap
      /// Nothing.
      case ignore
    }

    /// How QEMU reads and writes.
    package enum InputOutput: String, Sendable, CaseIterable {
      /// QEMU's default.
      case `default`
      /// A pool of threads.
      case threads
      /// Linux AIO; needs `cache: none` or `directsync`.
      case native
      case ioUring = "io_uring"
    }

    /// The serial numbers of the disks that Nestor itself adds to guests, and that no other disk may have.
    package enum OwnSerial: String, Sendable, CaseIterable {
      /// The disk that only holds the memory of snapshots.
      case memory = "nestor-memory"
      /// The disk from which cloud-init takes its settings.
      case seed = "nestor-seed"
    }

    /// Where the content comes from.
    package var source: Source
    /// The format of the file.
    package var format: Format
    /// The device that the guest sees.
    package var bus: Bus
    /// How the container caches the disk.
    package var cache: Cache
    /// What becomes of discarded blocks.
    package var discard: Discard
    /// How QEMU reads and writes.
    package var io: InputOutput
    /// Whether the disk has a thread of its own.
    package var iothread: Bool
    /// The serial number that the guest sees, at most 20 characters.
    package var serial: String?
    /// Whether the guest can only read it.
    package var readOnly: Bool
    /// The place among the boot devices, from 1; `nil` is none.
    package var bootOrder: Int?
    /// Where the disk is described.
    package var location: SourceLocation

    /// A disk of which all but the content has its default.
    package init(_ source: Source, at location: SourceLocation) {
      self = DiskKeys.build(CheckedMap(location: location))
      self.source = source
    }

    init(_ source: Source, _ map: CheckedMap) {
      self.source = source
      format = map[DiskKeys.format]
      bus = map[DiskKeys.bus]
      cache = map[DiskKeys.cache]
      discard = map[DiskKeys.discard]
      io = map[DiskKeys.io]
      iothread = map[DiskKeys.iothread]
      serial = map[DiskKeys.serial]
      readOnly = map[DiskKeys.readOnly]
      bootOrder = map[DiskKeys.bootOrder]
      location = map.location
    }
  }
}
