import Glibc
import NestorSupport

extension Guest {
  /// Writes all that the guest is, while it is off or as it was at a snapshot, into one archive, see ``GuestArchive``.
  ///
  /// A file must not be there yet, gets its name when it is whole, and only its owner may read it: the agent's key is in it.
  /// Cancelling the task leaves no file, and throws a ``NestorError`` with code `interrupted`.
  package func export(to place: ArchivePlace, from snapshot: String? = nil) async throws {
    try await hypervisor.requireLocal("export a guest")
    do {
      try await withLock(to: "export", timeout: Hypervisor.snapshotTimeout) { guest in
        switch place {
        case .standardStream: try await guest.writeArchive(to: STDOUT_FILENO, from: snapshot)
        case .file(let path):
          let file = try guest.newArchive(path)
          try await guest.writeArchive(to: file.descriptor, from: snapshot)
          try withSystemContext("\(guest.failure) to '\(path)'") { try file.link(as: path) }
        }
      }
    } catch {
      guard Task.isCancelled else { throw error }
      throw NestorError(
        .interrupted, "guest '\(name)' was not exported", cause: "that was cancelled; no archive is left")
    }
  }
}

extension LockedGuest {
  /// A file for an archive that is to have this path.
  fileprivate func newArchive(_ path: String) throws -> UnnamedFile {
    guard !FileTree.exists(path) else {
      throw error(.exists, "'\(path)' is there already", hint: "choose another name for the archive, or remove that")
    }
    do {
      return try UnnamedFile(in: FileTree.parent(of: path), isToBeNamed: true)
    } catch let failed as SystemError {
      guard failed.number == EOPNOTSUPP else { throw failed.explained("\(failure) to '\(path)'") }
      throw error(
        .unsupported, "the file system of '\(path)' has no files without a name, which a kill would leave nothing of",
        hint: "write it by the shell: nestor export \(name) - >\(path)")
    }
  }
}
