import NestorSupport
import Probes

/// Room for images, disks and saved memory.
struct StorageChecks: Sendable {
  let context: DoctorContext

  /// Less than this, in bytes, does not take a guest of a real distribution.
  private static let little: UInt64 = 4 << 30
  /// Less than this, in bytes, does not even take a small image.
  private static let tooLittle: UInt64 = 256 << 20

  var requirements: [Requirement] {
    [
      room("disk-nestor", context.state.root, "images and guests' disks lie there"),
      room("disk-libvirt", "/var/lib/libvirt", "libvirt keeps saved memory and firmware variables there"),
    ]
  }

  private func room(_ id: String, _ path: String, _ reason: String) -> Requirement {
    Requirement(
      id: id, what: "\(path) has room", reason: reason, isFatal: true,
      remedy: "free some space: nestor gc, then look at what is largest: du -xh --max-depth=2 \(path) | sort -h | tail"
    ) { [context] in
      let answer = await BlockingWork.run { context.probeSpace(path) }
      switch answer {
      case .failure(let failure): return Finding(.fail, "\(failure)")
      case .success(let space):
        let text = "\(SizeText.short(space.availableBytes)) of \(SizeText.short(space.totalBytes)) are free"
        if space.isReadOnly {
          return Finding(
            .fail, "the file system of \(path) is read-only", remedy: "mount it writable: findmnt -T \(path)")
        }
        if space.availableBytes < Self.tooLittle { return Finding(.fail, text) }
        return Finding(space.availableBytes < Self.little ? .warn : .pass, text)
      }
    }
  }
}
