/// What systemd tells its supervisor, see sd_notify(3): lines of `NAME=VALUE`.
package struct NotifyMessage: Sendable, Equatable {
  /// The longest message that is read, in bytes; systemd's own limit is the size of a page.
  package static let maximumSize = 4_096

  /// The values by their names; of a name that comes twice the last counts.
  package let values: [String: String]

  /// Reads a message; lines that are no assignment are left out, since later versions of systemd may send others.
  package init(_ bytes: [UInt8]) {
    var values: [String: String] = [:]
    for line in bytes.prefix(Self.maximumSize).split(separator: UInt8(ascii: "\n")) {
      guard let sign = line.firstIndex(of: UInt8(ascii: "=")), sign > line.startIndex else { continue }
      let name = String(decoding: line[..<sign], as: UTF8.self)
      values[name] = String(decoding: line[line.index(after: sign)...], as: UTF8.self)
    }
    self.values = values
  }

  /// Whether the guest's system is up.
  package var isReady: Bool { values["READY"] == "1" }

  /// How far it is, in systemd's words, such as the unit that became active.
  package var progress: String? { values["STATUS"] ?? values["X_SYSTEMD_UNIT_ACTIVE"].map { "\($0) is active" } }
}
