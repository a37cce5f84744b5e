import FoundationEssentials
import Glibc
import NestorSupport

/// Writes a tar archive to a descriptor, in the end with the SHA-256 of all files as sha256sum(1) reads them.
///
/// All calls throw ``SystemError``.
struct TarWriter {
  /// The name of the file with the checksums.
  static let sums = "SHA256SUMS"

  private let descriptor: Int32
  private let time: UInt64
  private var lines = ""

  /// Begins an archive, whose files were written at this time.
  init(_ descriptor: Int32, time: Date = Date()) {
    self.descriptor = descriptor
    self.time = UInt64(max(0, time.timeIntervalSince1970))
  }

  mutating func add(_ name: String, _ bytes: [UInt8]) async throws {
    let block = TarHeader(name: name, size: UInt64(bytes.count), time: time).block
    let sum = try await BlockingWork.throwing { [descriptor] in
      var sum = SHA256()
      try Self.write(block, to: descriptor)
      try Self.write(bytes, to: descriptor)
      try Self.fill(UInt64(bytes.count), descriptor)
      bytes.withUnsafeBytes { sum.add($0) }
      return sum.digits()
    }
    lines += "\(sum)  \(name)\n"
  }

  /// Adds a file, which may have at most `limit` bytes.
  mutating func add(_ name: String, contentsOf path: String, limit: UInt64) async throws {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw SystemError("open \(path)") }
    defer { close(file) }
    var information = stat()
    guard fstat(file, &information) == 0 else { throw SystemError("fstat \(path)") }
    guard information.st_mode & S_IFMT == S_IFREG else { throw SystemError("read \(path)", number: EINVAL) }
    try await add(name, file, size: UInt64(information.st_size), limit: limit) { _ in }
  }

  /// Adds a file that does not change meanwhile; `report` is told what part of it is written.
  mutating func add(
    _ name: String, contentsOf file: UnnamedFile, limit: UInt64,
    report: @escaping @Sendable (Double) -> Void = { _ in }
  ) async throws {
    try await add(name, file.descriptor, size: try file.size(), limit: limit, report: report)
    withExtendedLifetime(file) {}
  }

  private mutating func add(
    _ name: String, _ file: Int32, size: UInt64, limit: UInt64, report: @escaping @Sendable (Double) -> Void
  ) async throws {
    guard size <= limit else { throw SystemError("take \(name) into the archive", number: EFBIG) }
    let block = TarHeader(name: name, size: size, time: time).block
    let sum = try await BlockingWork.throwing { [descriptor] in
      try Self.write(block, to: descriptor)
      var (sum, done, reported) = (SHA256(), UInt64(0), UInt64(0))
      var buffer = [UInt8](repeating: 0, count: 1 << 18)
      while done < size {
        let wanted = Int(min(UInt64(buffer.count), size - done))
        let count = pread(file, &buffer, wanted, off_t(done))
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { throw SystemError("read the file for \(name)") }
        guard count > 0 else { throw SystemError("read the file for \(name)", number: ENODATA) }
        try buffer.withUnsafeBytes { bytes in
          let piece = UnsafeRawBufferPointer(rebasing: bytes[..<count])
          sum.add(piece)
          try FileTree.writeAll(piece, to: descriptor, named: "the archive")
        }
        done += UInt64(count)
        if done - reported >= 1 << 24 {
          report(Double(done) / Double(size))
          reported = done
        }
      }
      try Self.fill(size, descriptor)
      return sum.digits()
    }
    lines += "\(sum)  \(name)\n"
  }

  /// Writes the checksums and the archive's end.
  mutating func finish() async throws {
    try await add(Self.sums, Array(lines.utf8))
    try await BlockingWork.throwing { [descriptor] in
      try Self.write([UInt8](repeating: 0, count: 2 * TarHeader.blockSize), to: descriptor)
    }
  }

  /// Fills up the last block of a file of that size.
  private static func fill(_ size: UInt64, _ descriptor: Int32) throws {
    let rest = Int(size % UInt64(TarHeader.blockSize))
    if rest > 0 { try write([UInt8](repeating: 0, count: TarHeader.blockSize - rest), to: descriptor) }
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) throws {
    try FileTree.writeAll(bytes, to: descriptor, named: "the archive")
  }
}
