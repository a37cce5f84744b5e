import NestorSupport

extension LockedGuest {
  /// The record of the guest, which only one that can be cloned has.
  func recordToClone() async throws -> GuestRecord {
    guard let record = try await record() else { throw error(.unsupported, "it was not made by nestor") }
    try await requireComplete()
    return record
  }

  /// Refuses to copy disks that are not Nestor's.
  func requireOwn(_ disks: [String]) throws {
    guard let foreign = disks.first(where: { !$0.hasPrefix("\(directory)/") }) else { return }
    throw error(
      .unsupported, "its disk \(foreign) is not Nestor's, and two guests cannot write it",
      hint: "import it as an image: nestor image import \(foreign)")
  }
}
