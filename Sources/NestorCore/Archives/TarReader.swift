import Glibc
import NestorSupport
import Processes

/// Reads a tar archive of which nobody knows who made it, from a descriptor, file by file.
///
/// All calls throw ``TarHeader/Refusal`` for what is wrong with it, ``UnexpectedEnd`` where it is cut off, and ``SystemError``.
struct TarReader {
  private let descriptor: Int32
  /// The checksums of the files so far, by their names.
  private(set) var sums: [String: String] = [:]
  private var next: TarHeader?

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// The next file, whose content has to be read before the one after it is asked for; nil where the archive ends.
  mutating func nextFile() async throws -> TarHeader? {
    let descriptor = descriptor
    let header: TarHeader? = try await BlockingWork.throwing {
      let block = try Self.read(TarHeader.blockSize, from: descriptor)
      // The end is two blocks of zeros, and more of them up to a size that the writer chose.
      if block.allSatisfy({ $0 == 0 }) {
        try Self.requireZeros(descriptor)
        return nil
      }
      return try TarHeader(block)
    }
    if let header, sums[header.name] != nil { throw TarHeader.Refusal("'\(header.name)' is in it twice") }
    next = header
    return header
  }

  /// The content of the file, which may have at most `limit` bytes.
  mutating func content(limit: Int) async throws -> [UInt8] {
    let header = try current(limit: UInt64(limit))
    let descriptor = descriptor
    let (bytes, sum) = try await BlockingWork.throwing {
      let bytes = try Self.read(Int(header.size), from: descriptor)
      try Self.skipFill(header.size, descriptor)
      var sum = SHA256()
      bytes.withUnsafeBytes { sum.add($0) }
      return (bytes, sum.digits())
    }
    sums[header.name] = sum
    return bytes
  }

  /// Writes the content of the file, which may have at most `limit` bytes, to a new file; `report` is told what part is there
  /// now and then, and may throw to end it.
  mutating func copy(
    to path: String, limit: UInt64, report: @escaping @Sendable (Double) throws -> Void = { _ in }
  ) async throws {
    let header = try current(limit: limit)
    let descriptor = descriptor
    let sum = try await BlockingWork.throwing {
      var (sum, reported) = (SHA256(), UInt64(0))
      var file = try SparseFile(creating: path)
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      while file.size < header.size {
        let wanted = Int(min(UInt64(buffer.count), header.size - file.size))
        let count = Glibc.read(descriptor, &buffer, wanted)
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { throw SystemError("read the archive") }
        guard count > 0 else { throw UnexpectedEnd() }
        try buffer.withUnsafeBytes { bytes in
          let piece = UnsafeRawBufferPointer(rebasing: bytes[..<count])
          sum.add(piece)
          try file.append(piece)
        }
        if file.size - reported >= 1 << 24 {
          try report(Double(file.size) / Double(header.size))
          reported = file.size
        }
      }
      try file.finish()
      try file.sync()
      try Self.skipFill(header.size, descriptor)
      return sum.digits()
    }
    sums[header.name] = sum
  }

  private func current(limit: UInt64) throws -> TarHeader {
    guard let next else { throw TarHeader.Refusal("it ends where a file has to be") }
    guard next.size <= limit else {
      throw TarHeader.Refusal("'\(next.name)' has \(next.size) bytes, and at most \(limit) are taken")
    }
    return next
  }

  private static func read(_ count: Int, from descriptor: Int32) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress.map { $0 + done }, count - done)
      }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw SystemError("read the archive") }
      guard got > 0 else { throw UnexpectedEnd() }
      done += got
    }
    return bytes
  }

  private static func skipFill(_ size: UInt64, _ descriptor: Int32) throws {
    let rest = Int(size % UInt64(TarHeader.blockSize))
    if rest > 0 { _ = try read(TarHeader.blockSize - rest, from: descriptor) }
  }

  /// Reads to the end, so that whoever writes it can end well; only zeros may come, as many as a tape's block has.
  private static func requireZeros(_ descriptor: Int32) throws {
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    var total = 0
    while total < 1 << 20 {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw SystemError("read the archive") }
      if count == 0 { return }
      guard buffer[..<count].allSatisfy({ $0 == 0 }) else { break }
      total += count
    }
    throw TarHeader.Refusal("more follows behind its end")
  }
}
