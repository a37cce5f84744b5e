import NestorSupport
import Probes

/// Chooses a vsock context ID that nobody on this host has, see vsock(7).
///
/// A guest's own IDs follow from its UUID, so it keeps the first of them unless another guest was given the same. An ID
/// that is none of them was pinned by the user, and is never replaced.
struct ContextIDChoice: Sendable {
  /// What trying an ID came to.
  enum Finding: Sendable {
    /// Nobody has it.
    case free
    /// Another guest of this host has it, in whatever container.
    case taken
    /// It cannot be tried here.
    case unknown
  }

  /// How many IDs are tried; in a host with a thousand guests one clash is rare and two are remarkable.
  static let attempts = 32

  /// The ID that the guest itself has at the moment and will have given up when it needs one; it counts as free.
  var own: UInt32?

  private let candidates: [UInt32]
  private let find: @Sendable (UInt32) -> Finding

  /// A choice for the guest of a UUID; `find` tries one ID, by the vhost device unless a test brings its own.
  init(uuid: String, find: @escaping @Sendable (UInt32) -> Finding = ContextIDChoice.claim) {
    candidates = (0..<Self.attempts).map { Identifiers.contextID(uuid: uuid, attempt: $0) }
    self.find = find
  }

  /// Whether the user chose this ID.
  func isPinned(_ cid: UInt32) -> Bool { !candidates.contains(cid) }

  /// The ID to start with: the one that the guest has if it is free, else the next free one of its own; nil where the
  /// guest's is taken and pinned, or all are taken. `refused` are those that turned out to be taken after all.
  func choose(current: UInt32, refused: Set<UInt32> = []) -> UInt32? {
    if !refused.contains(current) && isFree(current) { return current }
    guard !isPinned(current) else { return nil }
    return candidates.first { $0 != current && !refused.contains($0) && isFree($0) }
  }

  private func isFree(_ cid: UInt32) -> Bool {
    guard cid != own, case .taken = find(cid) else { return true }
    return false
  }

  /// Claims an ID by the vhost device and gives it up at once: QEMU is the one that needs it.
  @Sendable private static func claim(_ cid: UInt32) -> Finding {
    do {
      try VhostVsockProbe().claim(cid: cid).release()
      return .free
    } catch .taken {
      return .taken
    } catch {
      return .unknown
    }
  }
}
