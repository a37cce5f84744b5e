import NestorSupport

extension LockedGuest {
  /// What brings agent, key and settings to it.
  var provisioning: GuestProvisioning { GuestProvisioning(state: hypervisor.state, uuid: uuid) }

  /// Makes the directory of its files, which everybody may pass through: QEMU runs as another user.
  func makeDirectory() throws {
    try withSystemContext("cannot make the folder of guest '\(name)'") {
      try FileTree.makeDirectory(directory, mode: 0o711)
    }
  }

  /// Has `body` bring it what it is handed besides its disks.
  func provision(_ body: (GuestProvisioning) async throws -> Void) async throws {
    try await withContext("cannot bring the agent and its settings to guest '\(name)'") { try await body(provisioning) }
  }
}
