/// What a serial port, console or channel is connected to on the host
/// (https://libvirt.org/formatdomain.html#host-interface).
public enum CharacterSource: Sendable, Equatable {
  /// A pseudo-terminal; its path is known for running guests.
  case pty(path: String? = nil)
  /// A Unix socket; QEMU listens when `listens`. Without a path libvirt makes one for channels.
  case unix(path: String?, listens: Bool = true)
  /// A file that output goes to.
  case file(path: String, appends: Bool? = nil)
  /// Nothing.
  case null
  /// QEMU's own standard input and output.
  case stdio
  /// A channel of SPICE's.
  case spicevmc
  /// Another type; its `<source>` stays in the device's unknown XML.
  case other(type: String)

  var type: String {
    switch self {
    case .pty: "pty"
    case .unix: "unix"
    case .file: "file"
    case .null: "null"
    case .stdio: "stdio"
    case .spicevmc: "spicevmc"
    case .other(let type): type
    }
  }

  static func read(_ reader: inout XMLReader) throws(DomainXMLError) -> CharacterSource {
    // libvirt's default, see virDomainChrDefParseXML.
    let type = reader.attribute("type") ?? "pty"
    switch type {
    case "pty": return .pty(path: try reader.childAttribute("source", "path"))
    case "unix":
      let source = try reader.child("source") { reader in (reader.attribute("path"), reader.attribute("mode")) }
      switch source?.1 {
      case nil, "bind": return .unix(path: source?.0, listens: true)
      case "connect": return .unix(path: source?.0, listens: false)
      case let mode?: throw reader.invalid(mode, at: "/source/@mode", expected: "bind or connect")
      }
    case "file":
      let source = try reader.child("source") { reader throws(DomainXMLError) in
        (reader.attribute("path"), try reader.flag("append"))
      }
      guard let source, let path = source.0 else { throw reader.missing("a source path") }
      return .file(path: path, appends: source.1)
    case "null": return .null
    case "stdio": return .stdio
    case "spicevmc": return .spicevmc
    default: return .other(type: type)
    }
  }

  func write(to tree: inout XMLTree) {
    switch self {
    case .pty(let path?): tree.add("source") { $0.put("path", path) }
    case .unix(let path, let listens):
      if path != nil || !listens {
        tree.add("source") { tree in
          tree.put("mode", listens ? "bind" : "connect")
          tree.put("path", path)
        }
      }
    case .file(let path, let appends):
      tree.add("source") { tree in
        tree.put("path", path)
        tree.put("append", on: appends)
      }
    case .pty(nil), .null, .stdio, .spicevmc, .other: break
    }
  }
}
