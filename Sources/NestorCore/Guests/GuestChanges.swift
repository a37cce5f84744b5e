/// Settings of a guest that are to become others; nil leaves one as it is.
package struct GuestChanges: Sendable, Equatable {
  /// How many virtual CPUs it has.
  package var cpus: Int?
  /// Its memory in bytes.
  package var memory: UInt64?
  /// Whether it starts with libvirt.
  package var autostart: Bool?
  /// What it is for, in a line; an empty text takes it away.
  package var description: String?

  package init(cpus: Int? = nil, memory: UInt64? = nil, autostart: Bool? = nil, description: String? = nil) {
    self.cpus = cpus
    self.memory = memory
    self.autostart = autostart
    self.description = description
  }
}
