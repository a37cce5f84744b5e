import NestorSupport

/// How a container that somebody else made is given what guests need, and how that is taken back.
enum Preparation {
  /// A container whose inside is not done yet.
  static let incomplete = "incomplete"
  /// A container in which guests can run.
  static let ready = "ready"

  private static let shutdownTimeout = "boot.host_shutdown_timeout"

  /// The settings, devices and profiles of a container, without what the daemon keeps for itself.
  static func settings(_ container: JSONValue) -> JSONValue {
    [
      "config": JSONValue((container["config"]?.strings ?? [:]).filter { !$0.key.hasPrefix("volatile.") }),
      "devices": container["devices"] ?? [:],
    ]
  }

  /// The container with a profile's settings and devices for guests put into it; those that its own profiles have
  /// already are left out. What it had before is written down in it.
  static func prepared(_ container: JSONValue, by profile: JSONValue) throws -> JSONValue {
    var config = container["config"]?.strings ?? [:]
    var devices = container["devices"]?.fields ?? [:]
    let expanded = container["expanded_config"]?.strings ?? config
    let paths = Set((container["expanded_devices"]?.fields ?? devices).values.compactMap { $0["path"]?.string })
    var before = (try? config[Label.before].map { try JSONValue(parsing: $0) }) ?? [:]
    var oldConfig = before["config"]?.fields ?? [:]
    var added = Set((before["devices"]?.array ?? []).compactMap(\.string))
    for name in ["security.nesting", "linux.kernel_modules", "limits.kernel.memlock", shutdownTimeout] {
      guard let value = profile["config"]?[name]?.string, expanded[name] != value else { continue }
      // More time than guests need is no fault.
      if name == shutdownTimeout, let own = expanded[name].flatMap({ UInt32($0) }),
        .seconds(own) > HostDesign.shutdownTimeout
      {
        continue
      }
      if oldConfig[name] == nil { oldConfig[name] = config[name].map { .string($0) } ?? .null }
      config[name] = value
    }
    for (name, device) in profile["devices"]?.fields ?? [:] where device["type"] == "unix-char" {
      guard let path = device["path"]?.string, !paths.contains(path), devices[name] == nil else { continue }
      devices[name] = device
      added.insert(name)
    }
    before = ["config": .object(oldConfig), "devices": .array(added.sorted().map { .string($0) })]
    config[Label.before] = try before.text()
    config[Label.state] = incomplete
    return writable(container, config, devices)
  }

  /// The container as it was before it was prepared.
  static func undone(_ container: JSONValue) throws -> JSONValue {
    var config = container["config"]?.strings ?? [:]
    var devices = container["devices"]?.fields ?? [:]
    if let text = config[Label.before], let before = try? JSONValue(parsing: text) {
      for (name, value) in before["config"]?.fields ?? [:] { config[name] = value.string }
      for name in (before["devices"]?.array ?? []).compactMap(\.string) { devices[name] = nil }
    }
    config[Label.before] = nil
    config[Label.state] = nil
    return writable(container, config, devices)
  }

  private static func writable(
    _ container: JSONValue, _ config: [String: String], _ devices: [String: JSONValue]
  ) -> JSONValue {
    let kept = container.fields.filter { ["description", "profiles", "architecture", "ephemeral"].contains($0.key) }
    return .object(kept.merging(["config": JSONValue(config), "devices": .object(devices)]) { $1 })
  }
}
