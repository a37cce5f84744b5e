import CLibvirt
import Glibc
import Synchronization

/// A file of this host on its way to or from a volume, and what libvirt's callbacks do with it.
///
/// One thread reads or writes it; only the wish to stop comes from others, and that is atomic.
final class VolumeFile: Sendable {
  // Of lseek(2); Swift does not see what only GNU has.
  private static let seekData: Int32 = 3
  private static let seekHole: Int32 = 4

  private let path: String
  private let descriptor: Int32
  private let isCancelled = Atomic(false)
  private let error = Atomic<Int32>(0)

  /// Opens a file to be sent.
  convenience init(reading path: String) throws(LibvirtError) {
    try self.init(path, open(path, O_RDONLY | O_CLOEXEC))
  }

  /// Makes a file, or empties the one that is there.
  convenience init(writing path: String) throws(LibvirtError) {
    try self.init(path, open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600))
  }

  private init(_ path: String, _ descriptor: Int32) throws(LibvirtError) {
    self.path = path
    self.descriptor = descriptor
    if descriptor < 0 { throw failure(errno, "open") }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// What the callbacks get; the object outlives them, since ``transfer(_:_:_:)`` holds it.
  var opaque: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  /// Runs a whole transfer on a thread of its own, so that long ones hold up no other call.
  func transfer(
    _ connection: Connection, _ volume: StorageVolume,
    _ body: @escaping @Sendable (OpaquePointer, OpaquePointer) throws -> Void
  ) async throws {
    let handle = try connection.openHandle()
    try await withTaskCancellationHandler {
      try Task.checkCancellation()
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        let isStarted = Thread.start(name: "libvirt-volume") {
          let result = Result { try self.run(handle.pointer, volume.handle.pointer, body) }
          continuation.resume(with: result)
        }
        if !isStarted { continuation.resume(throwing: self.failure(EAGAIN, "pthread_create")) }
      }
    } onCancel: {
      isCancelled.store(true, ordering: .relaxed)
    }
  }

  private func run(
    _ connection: OpaquePointer, _ volume: OpaquePointer, _ body: (OpaquePointer, OpaquePointer) throws -> Void
  ) throws {
    let stream = try Calls.check("virStreamNew", virStreamNew(connection, 0))
    defer { virStreamFree(stream) }
    do {
      try body(volume, stream)
    } catch {
      // One that libvirt broke off by itself is broken off twice, which does no harm.
      virStreamAbort(stream)
      throw error
    }
    try Calls.check("virStreamFinish", virStreamFinish(stream))
  }

  /// Judges the end of a transfer: a callback's own failure tells more than what libvirt makes of it.
  func check(_ call: String, _ result: Int32) throws {
    guard result < 0 else { return }
    let reason = LibvirtError(last: call)
    if isCancelled.load(ordering: .relaxed) { throw CancellationError() }
    let number = error.load(ordering: .relaxed)
    throw number == 0 ? reason : failure(number, call)
  }

  /// Makes the file end where it was last written or skipped to, for the case that it ends in a hole.
  func endAtPosition() throws {
    let end = lseek(descriptor, 0, SEEK_CUR)
    if end < 0 || ftruncate(descriptor, end) < 0 { throw failure(errno, "ftruncate") }
  }

  private func failure(_ number: Int32, _ call: String) -> LibvirtError {
    LibvirtError(code: .systemError, message: "\(path): \(String(cString: strerror(number)))", call: call)
  }

  /// Takes note of why a callback failed and says so to libvirt.
  private func fail() -> Int32 {
    error.store(errno, ordering: .relaxed)
    return -1
  }

  private static func file(_ opaque: UnsafeMutableRawPointer?) -> VolumeFile? {
    opaque.map { Unmanaged<VolumeFile>.fromOpaque($0).takeUnretainedValue() }
  }

  // MARK: - libvirt's callbacks

  static let write: virStreamSinkFunc = { _, bytes, count, opaque in
    guard let file = file(opaque), let bytes, !file.isCancelled.load(ordering: .relaxed) else { return -1 }
    while true {
      let written = Glibc.write(file.descriptor, bytes, count)
      if written < 0 && errno == EINTR { continue }
      // What was not written comes again.
      return written < 0 ? file.fail() : Int32(clamping: written)
    }
  }

  static let skipWriting: virStreamSinkHoleFunc = { _, length, opaque in
    guard let file = file(opaque), !file.isCancelled.load(ordering: .relaxed) else { return -1 }
    return lseek(file.descriptor, Int(length), SEEK_CUR) < 0 ? file.fail() : 0
  }

  static let read: virStreamSourceFunc = { _, bytes, count, opaque in
    guard let file = file(opaque), let bytes, !file.isCancelled.load(ordering: .relaxed) else { return -1 }
    while true {
      let taken = Glibc.read(file.descriptor, bytes, count)
      if taken < 0 && errno == EINTR { continue }
      return taken < 0 ? file.fail() : Int32(clamping: taken)
    }
  }

  /// Says whether data or a hole comes next, and how much of it; neither at the end.
  static let findData: virStreamSourceHoleFunc = { _, isData, length, opaque in
    guard let file = file(opaque), let isData, let length, !file.isCancelled.load(ordering: .relaxed) else {
      return -1
    }
    let position = lseek(file.descriptor, 0, SEEK_CUR)
    if position < 0 { return file.fail() }
    let data = lseek(file.descriptor, position, VolumeFile.seekData)
    if data == position {
      let hole = lseek(file.descriptor, position, VolumeFile.seekHole)
      if hole < 0 { return file.fail() }
      isData.pointee = 1
      length.pointee = Int64(hole - position)
    } else {
      // No data up to the end of the file is one hole, of length 0 at the end itself.
      if data < 0 && errno != ENXIO { return file.fail() }
      let next = data < 0 ? lseek(file.descriptor, 0, SEEK_END) : data
      if next < 0 { return file.fail() }
      isData.pointee = 0
      length.pointee = Int64(max(next - position, 0))
    }
    return lseek(file.descriptor, position, SEEK_SET) < 0 ? file.fail() : 0
  }

  static let skipReading: virStreamSourceSkipFunc = { _, length, opaque in
    guard let file = file(opaque), !file.isCancelled.load(ordering: .relaxed) else { return -1 }
    return lseek(file.descriptor, Int(length), SEEK_CUR) < 0 ? file.fail() : 0
  }
}
