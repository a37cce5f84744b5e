import Glibc
import GuestProtocol

/// Reads one file as data and holes, and notices when it changes meanwhile.
final class FileReader {
  /// What comes next.
  enum Step {
    /// Data: call ``FileReader/read(into:)`` for at most so many bytes.
    case data(Int)
    /// So many zeros that have no place on the disk; already noted.
    case hole(UInt64)
    /// Nothing more.
    case end(FileEnd)
  }

  /// The file as it was when reading began.
  let information: stat
  /// The kernel does not tell its size, as for files of proc.
  let isUnbounded: Bool
  // SEEK_DATA and SEEK_HOLE of lseek(2), which Glibc shows only to GNU sources.
  private static let seekData: Int32 = 3
  private static let seekHole: Int32 = 4
  private let descriptor: Int32
  private var position: off_t = 0
  private var hasHoles: Bool
  // Up to here there is data without a hole.
  private var dataEnd: off_t = 0
  private var digest = FileDigest()
  private var reachedEnd = false

  /// The size in bytes; without meaning where it is unbounded.
  var size: UInt64 { isUnbounded ? 0 : UInt64(clamping: information.st_size) }

  /// Takes an open file's descriptor; nil where it is none.
  init?(owning descriptor: Int32) throws(DirectoryStack.Refusal) {
    var information = stat()
    guard fstat(descriptor, &information) == 0 else {
      let number = errno
      close(descriptor)
      throw DirectoryStack.Refusal(number: number)
    }
    guard information.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      return nil
    }
    self.descriptor = descriptor
    self.information = information
    var byte: UInt8 = 0
    isUnbounded = information.st_size == 0 && pread(descriptor, &byte, 1, 0) == 1
    hasHoles = !isUnbounded && Int64(information.st_blocks) * 512 < information.st_size
    if !hasHoles { dataEnd = isUnbounded ? .max : information.st_size }
  }

  deinit {
    close(descriptor)
  }

  /// Says what comes next; a hole counts as read.
  func next() throws(DirectoryStack.Refusal) -> Step {
    let size = isUnbounded ? off_t.max : information.st_size
    if reachedEnd || position >= size { return .end(try end()) }
    if position >= dataEnd {
      let start = lseek(descriptor, position, Self.seekData)
      if start < 0 && errno == ENXIO {
        return try hole(until: size)
      } else if start > position {
        return try hole(until: min(start, size))
      } else {
        let end = start < 0 ? size : lseek(descriptor, position, Self.seekHole)
        dataEnd = end > position ? min(end, size) : size
      }
    }
    return .data(Int(min(dataEnd - position, off_t(ProtocolLimits.maximumPayload))))
  }

  /// Reads what ``next()`` announced; answers with 0 where the file turned out to be shorter.
  func read(into room: UnsafeMutableRawBufferPointer) throws(DirectoryStack.Refusal) -> Int {
    while true {
      let count = pread(descriptor, room.baseAddress, room.count, position)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw DirectoryStack.Refusal(number: errno) }
      if count == 0 && !room.isEmpty { reachedEnd = true }
      digest.add(UnsafeRawBufferPointer(rebasing: room[..<count]))
      position += off_t(count)
      return count
    }
  }

  private func hole(until end: off_t) throws(DirectoryStack.Refusal) -> Step {
    // A file that was cut looks like a hole up to where it ended before.
    var now = stat()
    guard fstat(descriptor, &now) == 0 else { throw DirectoryStack.Refusal(number: errno) }
    let end = min(end, now.st_size)
    guard end > position else {
      reachedEnd = true
      return .end(try self.end())
    }
    let length = UInt64(end - position)
    position = end
    digest.addHole(length)
    return .hole(length)
  }

  private func end() throws(DirectoryStack.Refusal) -> FileEnd {
    var now = stat()
    guard fstat(descriptor, &now) == 0 else { throw DirectoryStack.Refusal(number: errno) }
    var end = FileEnd()
    end.digest = digest.bytes
    end.isShort = !isUnbounded && position < information.st_size
    end.isChanged =
      now.st_size != information.st_size || now.st_mtim.tv_sec != information.st_mtim.tv_sec
      || now.st_mtim.tv_nsec != information.st_mtim.tv_nsec
    return end
  }
}
