/// What a copy came to.
public struct CopySummary: Message {
  /// Files and links.
  public var files: UInt64 = 0
  /// Folders.
  public var folders: UInt64 = 0
  /// Bytes of files, without holes.
  public var bytes: UInt64 = 0
  /// What was left out since it is neither file, folder, link nor named pipe: sockets and devices.
  public var skipped: [[UInt8]] = []

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, files)
    writer.put(2, folders)
    writer.put(3, bytes)
    for element in skipped { writer.putElement(4, element) }
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: files = try field.uint64()
    case 2: folders = try field.uint64()
    case 3: bytes = try field.uint64()
    case 4: skipped.append(try field.bytes())
    default: break
    }
  }
}
