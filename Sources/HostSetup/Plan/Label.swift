import NestorSupport

/// The settings by which Nestor knows what it made. They are the daemon's free `user.*` settings, so they travel with the
/// object and need no second place that could drift.
package enum Label {
  /// Nestor made the object of this name, or, at an image, which has none, `true`. A copy of the object that somebody makes
  /// has the same settings, but another name: that one is not Nestor's to delete.
  package static let made = "user.nestor.made"
  /// A profile's contents as Nestor last wrote them, as a number: a hand that changed them shows.
  package static let digest = "user.nestor.digest"
  /// What was chosen when a profile was applied, so that it need not be said again.
  package static let choices = "user.nestor.choices"
  /// How far a container's preparation has come: `incomplete` or `ready`.
  package static let state = "user.nestor.state"
  /// The container that a volume belongs to.
  package static let container = "user.nestor.container"
  /// What an existing container had before it was prepared, to be put back.
  package static let before = "user.nestor.before"

  /// Whether an object's settings say that Nestor made it.
  package static func isMade(_ object: JSONValue) -> Bool {
    guard let name = object["name"]?.string else { return object["properties"]?[made]?.string == "true" }
    return object["config"]?[made]?.string == name
  }

  /// A number for an object's settings, devices and description; the label for it left out.
  static func digest(of object: JSONValue) throws -> String {
    var config = object["config"]?.strings ?? [:]
    config[digest] = nil
    let body: JSONValue = [
      "config": JSONValue(config), "devices": object["devices"] ?? [:],
      "description": .string(object["description"]?.string ?? ""),
    ]
    // FNV-1a: it has to notice what people do, not to resist them.
    let hash = try body.text().utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    let text = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}
