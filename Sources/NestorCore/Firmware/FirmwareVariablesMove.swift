import DomainXML
import NestorSupport

/// The file of a UEFI guest's firmware variables, which libvirt names after the guest, and the name that it is to have.
struct FirmwareVariablesMove: Sendable, Equatable {
  let old: String
  let new: String

  /// The move of a file that a guest's definition names; nil where the guest's name is not its beginning, so that it was not
  /// named by libvirt.
  init?(of path: String, from old: String, to new: String) {
    guard let slash = path.lastIndex(of: "/") else { return nil }
    let (directory, file) = (path[...slash], path[path.index(after: slash)...])
    guard file.hasPrefix("\(old)\(Self.ending).") else { return nil }
    (self.old, self.new) = (path, directory + new + file.dropFirst(old.count))
  }

  /// The move of the file that a guest has, or will have; nil without one. libvirt before 9.2 does not say in the guest's
  /// definition where it lies; `uri` tells the place then.
  init?(in definition: DomainDefinition, from old: String, to new: String, uri: String) {
    if let path = definition.os.nvram?.path {
      self.init(of: path, from: old, to: new)
      return
    }
    guard definition.os.firmware == .efi else { return nil }
    let moves = Self.places(of: old, uri: uri).compactMap { Self(of: $0, from: old, to: new) }
    guard let found = moves.first(where: { FileTree.exists($0.old) || FileTree.exists($0.new) }) else { return nil }
    self = found
  }

  /// Whether something else has the new name.
  var isBlocked: Bool { FileTree.exists(new) && !FileTree.isSameFile(old, new) }

  /// The files that libvirt may choose for the variables of a guest of a name, the usual one first.
  static func places(of name: String, uri: String) -> [String] {
    // One within a program has its directories elsewhere.
    if uri.contains("/embed") { return [] }
    return ["fd", "qcow2"].map { "\(directory(uri))/\(name)\(ending).\($0)" }
  }

  /// What libvirt puts behind the guest's name.
  private static let ending = "_VARS"

  /// Where libvirt keeps such files, see its `qemu_conf.c`.
  private static func directory(_ uri: String) -> String {
    guard uri.contains("/session") else { return "/var/lib/libvirt/qemu/nvram" }
    let home = EnvironmentVariable.value("XDG_CONFIG_HOME") ?? "\(EnvironmentVariable.value("HOME") ?? "")/.config"
    return "\(home)/libvirt/qemu/nvram"
  }
}
