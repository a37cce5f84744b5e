/// Where a disk's data lies (https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms).
public enum DiskSource: Sendable, Equatable {
  /// A file; nil for an empty drive.
  case file(String?)
  /// A block device of the host.
  case block(String?)
  /// A volume of a libvirt storage pool.
  case volume(pool: String, name: String)
  /// Another type; its `<source>` stays in the unknown XML of what has it.
  case other(type: String)

  /// The path of a file or block device.
  public var path: String? {
    switch self {
    case .file(let path), .block(let path): path
    case .volume, .other: nil
    }
  }

  var type: String {
    switch self {
    case .file: "file"
    case .block: "block"
    case .volume: "volume"
    case .other(let type): type
    }
  }

  /// Takes what is known of the `<source>` within an element that has taken its type.
  static func read(type: String, _ reader: inout XMLReader) throws(DomainXMLError) -> DiskSource {
    switch type {
    case "file": return .file(try reader.childAttribute("source", "file"))
    case "block": return .block(try reader.childAttribute("source", "dev"))
    case "volume":
      let source = try reader.child("source") { reader in (reader.attribute("pool"), reader.attribute("volume")) }
      guard let pool = source?.0, let name = source?.1 else { throw reader.missing("a source with pool and volume") }
      return .volume(pool: pool, name: name)
    default: return .other(type: type)
    }
  }

  func write(to tree: inout XMLTree) {
    switch self {
    case .file(let path?): tree.add("source") { $0.put("file", path) }
    case .block(let path?): tree.add("source") { $0.put("dev", path) }
    case .volume(let pool, let name):
      tree.add("source") { tree in
        tree.put("pool", pool)
        tree.put("volume", name)
      }
    case .file(nil), .block(nil), .other: break
    }
  }
}
