import Glibc
import GuestProtocol
import GuestTransport
import Synchronization

/// Freezes file systems and thaws them again, on a thread of its own.
///
/// Between the two the thread touches nothing but descriptors that it opened before, so that nothing that is frozen can
/// keep it from thawing; neither can the session's thread, whatever that waits for. The guest has one at a time.
final class Freezer: Sendable {
  /// How far it is.
  enum Phase: Sendable {
    /// It freezes one after another, which may take as long as writing all that is dirty.
    case freezing
    /// They are frozen: these.
    case frozen([[UInt8]])
    /// None is frozen any more.
    case over
    /// It did not work; none is frozen any more.
    case failed(ProtocolError)
  }

  /// Where the mount points of what is frozen are noted, for an agent that is started after one that was killed.
  static let record = "/run/nestor/frozen"

  private struct Frozen: Sendable {
    let folder: Int32
    let mountPoint: [UInt8]
  }

  private let system: GuestSystem
  private let settled: Interruption
  private let over: Interruption
  private let release: Interruption
  private let phase = Mutex(Phase.freezing)
  private let wasLate = Mutex(false)

  /// Begins to freeze in the given order; `isStrict` fails where one of them cannot be, else that one is left out.
  init(_ system: GuestSystem, _ mounts: [MountTable.Mount], isStrict: Bool, timeout: Duration) throws {
    self.system = system
    settled = try Interruption()
    over = try Interruption()
    release = try Interruption()
    guard
      system.isFreezing.withLock({ isFreezing in
        defer { isFreezing = true }
        return !isFreezing
      })
    else {
      throw OperationFailure(.busy, "another session has frozen file systems")
    }
    guard AgentThread.start({ [self] in run(mounts, isStrict: isStrict, timeout: timeout) }) else {
      system.isFreezing.withLock { $0 = false }
      throw KernelError("start a thread", number: EAGAIN).failure
    }
  }

  /// How far it is.
  var current: Phase { phase.withLock { $0 } }
  /// Readable once it no longer is freezing.
  var settledDescriptor: Int32 { settled.descriptor }
  /// Readable once nothing is frozen any more.
  var overDescriptor: Int32 { over.descriptor }
  /// Whether it thawed since its time was over.
  var timedOut: Bool { wasLate.withLock { $0 } }

  /// Makes it thaw, soon.
  func thaw() {
    release.raise()
  }

  private func run(_ mounts: [MountTable.Mount], isStrict: Bool, timeout: Duration) {
    var frozen: [Frozen] = []
    var problem: ProtocolError?
    note(mounts.map(\.mountPoint))
    do throws(KernelError) {
      for mount in mounts where !Waiting.wait(for: release.descriptor, timeout: .zero) {
        guard let folder = try freeze(mount, isStrict: isStrict) else { continue }
        frozen.append(folder)
      }
    } catch {
      problem = ProtocolError(error.number == EBUSY ? .busy : .system, "cannot \(error)", number: error.number)
    }
    if problem == nil {
      phase.withLock { $0 = .frozen(frozen.map(\.mountPoint)) }
      settled.raise()
      if !Waiting.wait(for: release.descriptor, timeout: timeout) { wasLate.withLock { $0 = true } }
    }
    // The other way round: what was frozen last may be what a file system lies on.
    for entry in frozen.reversed() {
      do throws(KernelError) {
        try system.kernel.thaw(entry.folder, mountPoint: entry.mountPoint)
      } catch  where error.number == EINVAL {
        // Somebody else has thawed it.
      } catch {
        problem = problem ?? ProtocolError(.system, "cannot \(error)", number: error.number)
      }
      close(entry.folder)
    }
    unlink(system.path(Self.record))
    system.isFreezing.withLock { $0 = false }
    phase.withLock { $0 = problem.map { .failed($0) } ?? .over }
    settled.raise()
    over.raise()
  }

  private func freeze(_ mount: MountTable.Mount, isStrict: Bool) throws(KernelError) -> Frozen? {
    let path = Array(system.root.utf8) + mount.mountPoint
    let folder = path.withUnsafeBufferPointer { bytes in
      // A C string of bytes that need not be text.
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { text in
        for (index, byte) in bytes.enumerated() { text[index] = CChar(bitPattern: byte) }
        text[bytes.count] = 0
        return text.baseAddress.map { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) } ?? -1
      }
    }
    guard folder >= 0 else {
      let error = KernelError("open \(shown(mount.mountPoint))")
      guard isStrict else { return nil }
      throw error
    }
    do throws(KernelError) {
      try system.kernel.freeze(folder, mountPoint: mount.mountPoint)
    } catch {
      close(folder)
      if !isStrict, error.number == EOPNOTSUPP || error.number == ENOTTY { return nil }
      throw error
    }
    return Frozen(folder: folder, mountPoint: mount.mountPoint)
  }

  /// Notes what is about to be frozen, where that note itself cannot be.
  private func note(_ mountPoints: [[UInt8]]) {
    let table = MountTable(system)
    guard table.mount(of: Self.record)?.type == "tmpfs" else { return }
    mkdir(system.path("/run/nestor"), 0o755)
    try? system.replace(Self.record, with: Array(mountPoints.joined(separator: [0])), mode: 0o600)
  }

  /// Thaws what an agent that was killed has left frozen; answers with the mount points. For the start of an agent.
  static func thawLeftovers(_ system: GuestSystem) -> [[UInt8]] {
    guard system.isPlainFile(record), let bytes = system.read(record, limit: 1 << 20) else { return [] }
    var thawed: [[UInt8]] = []
    for mountPoint in bytes.split(separator: 0).map(Array.init).reversed() {
      let folder = open(system.root + String(decoding: mountPoint, as: UTF8.self), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
      guard folder >= 0 else { continue }
      defer { close(folder) }
      if (try? system.kernel.thaw(folder, mountPoint: mountPoint)) != nil { thawed.append(mountPoint) }
    }
    unlink(system.path(record))
    return thawed
  }
}
