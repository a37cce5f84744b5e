import NestorSupport

/// Settings of a guest that are to become others; nil leaves one as it is.
public struct GuestChanges: Sendable, Equatable {
  /// How many virtual CPUs it has.
  public var cpus: Int?
  /// Its memory in bytes.
  public var memory: UInt64?
  /// Whether it starts with libvirt.
  public var autostart: Bool?
  /// What it is for, in a line; an empty text takes it away.
  public var description: String?

  /// Makes changes of their parts.
  public init(cpus: Int? = nil, memory: UInt64? = nil, autostart: Bool? = nil, description: String? = nil) {
    self.cpus = cpus
    self.memory = memory
    self.autostart = autostart
    self.description = description
  }
}

/// A setting that was changed, and since when that holds.
public struct SettingChange: Sendable, Equatable, Codable {
  /// When a change holds.
  public enum Effect: String, Sendable, Codable {
    /// From this moment on, and after later starts.
    case now
    /// From the next start on: it cannot be done to the guest while it runs.
    case nextStart = "at the next start"
  }

  /// The setting, by the name of the command's option.
  public var setting: String
  /// What it is now.
  public var value: String
  /// Since when.
  public var effect: Effect
  /// Why it could not be done at once.
  public var reason: String?
}
