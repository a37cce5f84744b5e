/// A file's bytes have all been sent; the payload of ``FrameType/digest``.
public struct FileEnd: Message {
  /// The checksum of what was sent, see ``FileDigest``.
  public var digest: [UInt8] = []
  /// Fewer bytes were sent than ``FileEntry/size`` says: the file was cut while it was read, or its kernel does not know
  /// its size, as with those of sysfs.
  public var isShort = false
  /// The file was written to while it was read, so what was sent may never have been in it at one moment.
  public var isChanged = false

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, digest)
    writer.put(2, isShort)
    writer.put(3, isChanged)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: digest = try field.bytes()
    case 2: isShort = try field.bool()
    case 3: isChanged = try field.bool()
    default: break
    }
  }
}
