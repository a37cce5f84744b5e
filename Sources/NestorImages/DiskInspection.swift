import NestorSupport

/// A look at a guest's disk that comes from somebody else, before QEMU reads it.
package enum DiskInspection {
  /// Refuses a qcow2 file that names other files, that is damaged, or that holds snapshots.
  ///
  /// Throws a ``NestorError`` with code `corrupted` that calls the file `shown`.
  package static func checkQCOW2(_ path: String, shown: String) async throws {
    do {
      try await BlockingWork.throwing {
        let file = try ImageFile(path)
        try QCOW2Tables.check(file, try QCOW2Header(of: file))
      }
    } catch let refusal as ImageRefusal {
      throw NestorError(.corrupted, "the disk '\(shown)' is refused", cause: refusal.reason, hint: refusal.hint)
    }
  }
}
