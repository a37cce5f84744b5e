import NestorSupport

/// Decides what a container's own objects ought to be: itself, and the volume for images that outlives it.
struct ContainerDesign: Sendable {
  /// The container's name.
  let name: String
  /// The profile that it gets.
  let profile: String
  /// The pool that the volume lies in.
  let pool: String
  /// What the container is made from, as the API takes it.
  let source: JSONValue
  /// The container's own settings, beyond its profile's.
  let settings: [String: String]

  /// Where Nestor keeps its images in a container. Guests' own disks stay in the container, with their definitions.
  private static let imageFolder = "/var/lib/nestor/images"

  var volume: ObjectReference { ObjectReference(.volume, "nestor-\(name)", pool: pool) }

  /// The objects in the order in which they are made.
  var objects: [DesiredObject] {
    [
      DesiredObject(
        volume, reason: "the images of \(name) outlive the container",
        body: ["config": JSONValue([Label.made: volume.name, Label.container: name])]),
      DesiredObject(
        ObjectReference(.container, name), reason: "guests run in it",
        body: [
          "config": JSONValue(settings.merging([Label.made: name]) { $1 }), "profiles": [.string(profile)],
          "devices": [
            "images": JSONValue(["type": "disk", "pool": pool, "source": volume.name, "path": Self.imageFolder])
          ],
        ],
        creation: [
          "source": source, "type": "container",
          "config": JSONValue(
            CloudConfiguration.settings.merging(settings) { $1 }.merging([
              Label.made: name, Label.state: Preparation.incomplete,
            ]) { $1 }),
        ]),
    ]
  }

  /// Throws where a container's setting is one that Nestor does not set: it would give up what keeps the host safe.
  static func check(_ settings: [String: String]) throws {
    for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
      if name == "security.privileged", value != "false" {
        throw NestorError(
          .invalidArgument, "nestor-host makes no privileged containers",
          cause: "root in one is root on the host, so whoever leaves a guest owns the host",
          hint: "leave security.privileged out: guests need nothing of it")
      }
      if name.hasPrefix("raw.") {
        throw NestorError(
          .invalidArgument, "nestor-host does not set \(name)", cause: "it goes past the daemon's own checks",
          hint: "devices and limits have settings of their own")
      }
      guard !name.hasPrefix("user.nestor."), !name.hasPrefix("volatile."), !name.isEmpty else {
        throw NestorError(.invalidArgument, "the setting '\(name)' is kept by nestor-host or the daemon itself")
      }
    }
  }
}
