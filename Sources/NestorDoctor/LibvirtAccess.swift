/// One connection to libvirt that all checks share, opened by the first that asks.
///
/// What was asked is remembered, since QEMU's capabilities take seconds where libvirt has to probe QEMU anew.
actor LibvirtAccess {
  private let open: @Sendable () async throws -> any LibvirtInspecting
  private var opening: Task<any LibvirtInspecting, any Error>?
  private var capabilityText: Task<String, any Error>?
  private var guestCapabilityText: Task<String, any Error>?

  init(open: @escaping @Sendable () async throws -> any LibvirtInspecting) {
    self.open = open
  }

  /// The connection; throws why there is none, each time anew until it is forgotten.
  func connection() async throws -> any LibvirtInspecting {
    let task = opening ?? Task { [open] in try await open() }
    opening = task
    return try await task.value
  }

  func capabilities() async throws -> String {
    let task = capabilityText ?? Task { try await self.connection().capabilities() }
    capabilityText = task
    return try await task.value
  }

  func guestCapabilities() async throws -> String {
    let task = guestCapabilityText ?? Task { try await self.connection().guestCapabilities() }
    guestCapabilityText = task
    return try await task.value
  }

  /// Forgets the connection and all answers, after something was mended.
  func forget() {
    opening = nil
    capabilityText = nil
    guestCapabilityText = nil
  }
}
