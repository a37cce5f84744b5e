/// An image that lies under a disk's own, as libvirt shows them for running guests and writes them where the chain was
/// given (https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms, `<backingStore>`).
public struct BackingImage: Sendable, Equatable {
  /// Where the image lies.
  ///
  /// What was read of the old source and not known is forgotten when the type changes.
  public var source: DiskSource {
    didSet { if source.type != oldValue.type { unknown.forget("source") } }
  }
  /// Its format, like `qcow2`.
  public var format: Disk.Format?
  /// libvirt's number of the image in the chain, for running guests.
  public var index: Int?
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes one.
  public init(source: DiskSource, format: Disk.Format? = nil, index: Int? = nil) {
    self.source = source
    self.format = format
    self.index = index
  }
}
