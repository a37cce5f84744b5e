import Libvirt
import NestorSupport

/// Finds what programs that were killed left behind, and removes it.
public struct GarbageCollector: Sendable {
  /// A thing that nobody needs any more.
  public struct Leftover: Sendable, Equatable, Codable {
    /// What it is.
    public enum Kind: String, Sendable, Codable {
      /// A guest that was never made whole.
      case incompleteGuest = "incomplete guest"
      /// A guest that was being deleted.
      case deletingGuest = "half deleted guest"
      /// The files of a guest that libvirt does not know.
      case files
      /// An image that was being made or deleted.
      case image
      /// The lock of a program that is gone.
      case lock
    }

    /// What it is.
    public var kind: Kind
    /// Its name or path.
    public var name: String
  }

  private let orchestrator: Orchestrator
  private var state: StateDirectory { orchestrator.state }

  /// A collector for the guests of a connection and the files of its state folder.
  public init(_ orchestrator: Orchestrator) {
    self.orchestrator = orchestrator
  }

  /// What could be removed. A guest on which another Nestor works right now is not among it.
  public func find() async throws -> [Leftover] {
    try await orchestrator.requireLocal("look for leftovers")
    var found: [Leftover] = []
    // Files first, guests after: a guest that is being made is defined before it has files.
    let folders = try FileTree.names(in: state.guests)
    let domains = try await explaining("cannot list the guests") { try await orchestrator.connection.domains() }
    for domain in domains {
      guard let record = try? await orchestrator.record(of: domain), record.stage != .complete else { continue }
      guard try isFree(state.lock("guest", domain.name)) else { continue }
      found.append(Leftover(kind: record.stage == .deleting ? .deletingGuest : .incompleteGuest, name: domain.name))
    }
    let known = Set(domains.map(\.uuid))
    found += folders.filter { !known.contains($0) }.map { Leftover(kind: .files, name: state.guest($0)) }
    for path in try orchestrator.images.leftovers() {
      // The name is behind `.new-` or `.gone-`.
      guard let dash = path.lastIndex(of: "/").flatMap({ path[$0...].firstIndex(of: "-") }) else { continue }
      let image = String(path[path.index(after: dash)...])
      if try isFree(state.lock("image", image)) { found.append(Leftover(kind: .image, name: path)) }
    }
    for lock in try FileTree.names(in: state.locks).map({ "\(state.locks)/\($0)" }) where FileTree.exists(lock) {
      if try isFree(lock, keepingFile: true) { found.append(Leftover(kind: .lock, name: lock)) }
    }
    return found
  }

  /// Removes one of the things found, if that is still what it is.
  public func remove(_ leftover: Leftover) async throws {
    switch leftover.kind {
    case .incompleteGuest, .deletingGuest:
      try await orchestrator.locking(leftover.name, to: "clean up", seconds: 5) {
        let domain = try await orchestrator.domain(leftover.name)
        guard let record = try await orchestrator.record(of: domain), record.stage != .complete else { return }
        try await orchestrator.deleteLocked(domain, force: true)
      }
    case .files, .image:
      do {
        try FileTree.remove(leftover.name)
      } catch let error as SystemError {
        throw error.explained("cannot remove \(leftover.name)")
      }
    case .lock:
      _ = try isFree(leftover.name)
    }
  }

  /// Whether nobody holds a lock; taking it for that moment removes the file of a holder that was killed.
  private func isFree(_ path: String, keepingFile: Bool = false) throws -> Bool {
    guard FileTree.exists(path) else { return true }
    if keepingFile { return try FileLock.isFree(path) }
    return try FileLock.tryAcquire(path) != nil
  }
}
