import NestorCore
import NestorSupport

/// How ssh(1) reaches a guest, see ssh_config(5).
struct SSHSettings {
  /// The name by which ssh knows the guest.
  let host: String
  /// Keywords and values.
  let lines: [[String]]

  /// The settings of a guest; `connect` is libvirt's URI where it is not the default.
  init(_ guest: Guest, connect: String?) throws {
    try self.init(name: guest.name, uuid: guest.uuid, program: try FileTree.ownProgram(), connect: connect)
  }

  init(name: String, uuid: String, program: String, connect: String?) throws {
    host = "nestor/\(name)"
    let words = [program, "connect"] + (connect.map { ["--connect", $0] } ?? []) + [name, "22"]
    lines = [
      ["ProxyCommand", words.map(Self.quoted).joined(separator: " ")],
      // A guest's keys go with the guest: one that is made anew has another UUID, and no warning is due.
      ["HostKeyAlias", "nestor-\(uuid)"],
      ["StrictHostKeyChecking", "accept-new"],
    ]
  }

  /// The settings as a file has them.
  var text: String {
    "Host \(host)\n" + lines.map { "  \($0[0]) \($0[1])\n" }.joined()
  }

  /// A word for the shell that ssh runs the command with; ssh itself replaces what begins with a percent sign.
  private static func quoted(_ word: String) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=+@")
    let text = word.map { $0 == "%" ? "%%" : String($0) }.joined()
    return text.allSatisfy { plain.contains($0) }
      ? text : "'" + text.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'"
  }
}
