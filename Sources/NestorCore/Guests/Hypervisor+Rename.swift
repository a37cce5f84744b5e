import Libvirt
import NestorSupport
import Templates

extension Hypervisor {
  /// Gives a guest, which is off, another name; its UUID, files, addresses and snapshots stay.
  ///
  /// Run again after a program was killed over it, it finishes that. Throws ``NestorError`` of code `exists` where another
  /// guest has the name, and `invalidState` for one that runs or sleeps: libvirt renames neither.
  package func rename(_ old: String, to new: GuestName) async throws {
    try await requireLocal("rename a guest")
    let guest: Guest
    do {
      guest = try await self.guest(old)
    } catch let error as NestorError where error.code == .notFound {
      guard try await endRename(from: old, to: new.text) else { throw error }
      return
    }
    guard guest.name != new.text else {
      throw NestorError(.invalidArgument, "cannot rename guest '\(old)'", cause: "it has that name already")
    }
    try await lockingNames([guest.name, new.text], to: "rename") {
      let locked = try await guest.lookedUpUnderLock(to: "rename")
      guard try await wholeGuest(named: new.text, to: "rename") == nil else {
        throw NestorError(.exists, "guest '\(new)' exists already", hint: "choose another name")
      }
      try await unbroken { try await locked.rename(to: new.text) }
    }
  }

  /// Ends the work of a program that was killed after libvirt had renamed the guest; returns whether there was any.
  private func endRename(from old: String, to new: String) async throws -> Bool {
    guard let domain = try? await connection.domain(named: new) else { return false }
    let guest = guest(domain)
    guard try await guest.unfinishedRename()?.from == old else { return false }
    try await guest.withLock(to: "rename") { try await $0.endRename() }
    return true
  }
}
