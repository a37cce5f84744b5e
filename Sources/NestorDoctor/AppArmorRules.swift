/// The administrator's file of AppArmor rules for libvirt's guests, to which rules are only ever added.
///
/// See https://gitlab.com/apparmor/apparmor/-/wikis/AppArmor_Core_Policy_Reference.
package struct AppArmorRules: Sendable, Equatable {
  /// The rule that lets QEMU use vhost-vsock.
  package static let vhostVsock = "/dev/vhost-vsock rw,"

  /// The file.
  package private(set) var bytes: [UInt8]

  /// Takes the file's bytes; a missing file is an empty one.
  package init(_ bytes: [UInt8] = []) {
    self.bytes = bytes
  }

  /// Appends a rule with a comment before it; a file that has the rule as a line of its own stays.
  package mutating func append(_ rule: String, comment: String) {
    guard !has(rule) else { return }
    if let last = bytes.last, last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
    bytes += comment.split(separator: "\n").map { "# \($0)\n" }.joined().utf8
    bytes += "\(rule)\n".utf8
  }

  /// Whether the rule stands there, with whatever white space and comment around it.
  func has(_ rule: String) -> Bool {
    let words = rule.split(separator: " ")
    return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).contains { line in
      line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace) == words
    }
  }
}
