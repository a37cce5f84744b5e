import NestorImages
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
  /// Refuses to go on with a new guest whose image was deleted meanwhile: whoever does that looks for guests that need it
  /// after it is out of reach, and the guest is defined by now.
  func requireThere(_ image: Image) throws {
    if let present = try? hypervisor.images.image(image.name), present.digest == image.digest { return }
    throw NestorError(
      .notFound, "\(failure): the image '\(image.name)' is not there any more", cause: "it was deleted meanwhile",
      hint: "run this again")
  }
}
