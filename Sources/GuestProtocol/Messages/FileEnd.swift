/// A file's bytes have all been sent; the payload of ``FrameType/digest``.
package struct FileEnd: Message {
  /// The checksum of what was sent, see ``FileDigest``.
  package var digest: [UInt8] = []
  /// Fewer bytes were sent than ``FileEntry/size`` says: the file was cut while it was read, or its kernel does not know
  /// its size, as with those of sysfs.
  package var isShort = false
  /// The file was written to while it was read, so what was sent may never have been in it at one moment.
  package var isChanged = false

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &digest)
    try coder.field(2, &isShort)
    try coder.field(3, &isChanged)
  }
}
