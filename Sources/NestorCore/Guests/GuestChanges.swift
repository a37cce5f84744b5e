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
