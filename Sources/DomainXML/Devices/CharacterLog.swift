/// A file that virtlogd or QEMU writes a copy of the output to (https://libvirt.org/formatdomain.html#host-interface).
public struct CharacterLog: Sendable, Equatable {
  /// The file.
  public var path: String
  /// Whether it is kept at start; nil is libvirt's default, a new file.
  public var appends: Bool?

  /// Makes a log.
  public init(path: String, appends: Bool? = nil) {
    self.path = path
    self.appends = appends
  }

  static func read(_ reader: inout XMLReader) throws(DomainXMLError) -> CharacterLog? {
    guard reader.has("log") else { return nil }
    return try reader.child("log") { reader throws(DomainXMLError) in
      guard let path = reader.attribute("file") else { throw reader.missing("a file") }
      return CharacterLog(path: path, appends: try reader.flag("append"))
    }
  }

  func write(to tree: inout XMLTree) {
    tree.add("log") { tree in
      tree.put("file", path)
      tree.put("append", on: appends)
    }
  }
}
