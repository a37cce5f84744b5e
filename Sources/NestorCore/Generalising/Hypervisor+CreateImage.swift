import FoundationEssentials
import NestorImages
import NestorSupport

extension Hypervisor {
  /// How long a disk may take to be generalised where nobody says.
  package static let generalisingTimeout = Duration.seconds(600)

  /// Makes an image of the disk that a guest boots from: of a guest that is off, or of a snapshot.
  ///
  /// The image is generalised: what makes one machine of its system is removed, by a throw-away guest that may take as long as
  /// `timeout`; that boots the image `tiny`, which is made where it is missing. The guest itself is not changed. Throws a
  /// ``NestorError``: `exists` where an image of that name is not to be replaced, `invalidState` where the guest runs.
  /// Cancelling the task leaves no image, and throws one with code `interrupted`.
  package func createImage(
    _ name: String, of guest: Guest, from snapshot: String? = nil, description: String? = nil, replacing: Bool = false,
    timeout: Duration = Hypervisor.generalisingTimeout
  ) async throws -> Image {
    let failure = "cannot make the image '\(name)' of guest '\(guest.name)'"
    try await requireLocal("make an image of a guest")
    guard name != Self.tiny else {
      throw NestorError(
        .invalidName, failure, cause: "'\(Self.tiny)' is the image that such images are made by",
        hint: "choose another name")
    }
    let exists = ImageBuilder.exists(name, alternative: "choose another name")
    guard try replacing || !images.holds(name) else { throw exists }
    do {
      return try await withContext(failure) {
        let tiny = try await tinyImage(failure)
        let (image, isNew) = try await images.make(
          name, rebuild: replacing,
          waiting: { [report] in report(ProgressReport(name, "waiting for another nestor that makes it")) },
          requireUnused: { try await requireUnused(name) }
        ) { directory in
          let work = "\(directory)/\(ImageBuilder.workDirectory)"
          try FileTree.makeDirectory(work, mode: 0o711)
          let raw = "\(work)/disk"
          let source = try await guest.withLock(to: "make an image of", timeout: Self.snapshotTimeout) {
            try await $0.copySystemDisk(from: snapshot, to: raw)
          }
          let report = try await Generaliser(
            hypervisor: self, imageName: name, failure: failure, tiny: tiny, directory: work
          ).generalise(raw, timeout: timeout)
          for warning in report.warnings { warn("image '\(name)': \(warning)") }
          let disk = try await builder.makeDisk(ofRaw: raw, image: name, in: directory)
          return ImageRecord(
            kind: .disk,
            description: description ?? "\(report.systems.joined(separator: ", ")), from guest '\(guest.name)'",
            created: Date().formatted(.iso8601), sources: [], files: ["disk": disk.file], diskSize: disk.size,
            origin: ImageRecord.Origin(guest: source, format: .raw))
        }
        guard isNew else { throw exists }
        return image
      }
    } catch {
      guard Task.isCancelled else { throw error }
      throw NestorError(
        .interrupted, "the image '\(name)' was not made",
        cause: "that was cancelled; " + (replacing ? "what was there is still there" : "no image is left"))
    }
  }

  private static let tiny = "tiny"

  private var builder: ImageBuilder { ImageBuilder(state, report: report, warn: warn) }

  /// The image that throw-away guests boot.
  private func tinyImage(_ failure: String) async throws -> Image {
    let image = try await builder.buildTiny().image
    guard image.record.kind == .kernel else {
      throw NestorError(
        .unsupported, failure, cause: "the image '\(Self.tiny)', which this needs, is a disk",
        hint: "make it again: nestor image build \(Self.tiny) --rebuild")
    }
    return image
  }
}
