import Glibc
import NestorSupport

/// A regular file that is open for reading, whatever becomes of its name.
package final class ImageFile: Sendable {
  /// The file's descriptor, which this value owns.
  let descriptor: Int32
  /// The file's size in bytes when it was opened.
  package let size: UInt64

  /// Opens a file that is looked at before it is opened: a FIFO would wait for its other end, and a device may act.
  ///
  /// A symbolic link is refused, since who may change a folder could so have any file of this machine read.
  package init(_ path: String) throws {
    // The kernel's O_PATH | O_NOFOLLOW opens the link itself; see open(2).
    let handle = open(path, Self.pathOnly | O_NOFOLLOW | O_CLOEXEC)
    guard handle >= 0 else { throw SystemError("open \(path)").explained("cannot open the image's file") }
    defer { close(handle) }
    var status = stat()
    guard fstat(handle, &status) == 0 else { throw SystemError("fstat \(path)").explained("cannot look at the image") }
    guard status.st_mode & S_IFMT == S_IFREG else { throw Self.refusal(of: status.st_mode, path) }
    descriptor = open("/proc/self/fd/\(handle)", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError("open \(path)").explained("cannot open the image's file") }
    size = UInt64(max(0, status.st_size))
  }

  deinit {
    close(descriptor)
  }

  /// O_PATH of the kernel's generic ABI, which the C library shows to GNU sources alone.
  private static let pathOnly: Int32 = 0o10_000_000

  private static func refusal(of mode: mode_t, _ path: String) -> ImageRefusal {
    let hint = "name the file itself, or hand its content on: nestor image import - --name NAME <FILE"
    switch mode & S_IFMT {
    case S_IFLNK: return ImageRefusal("it is a symbolic link", hint: "name what it points to: readlink -f '\(path)'")
    case S_IFDIR: return ImageRefusal("it is a folder", hint: "name the file of the disk in it")
    case S_IFIFO: return ImageRefusal("it is a FIFO, not a file", hint: hint)
    case S_IFCHR, S_IFBLK: return ImageRefusal("it is a device, not a file", hint: hint)
    case S_IFSOCK: return ImageRefusal("it is a socket, not a file", hint: hint)
    default: return ImageRefusal("it is not a regular file", hint: hint)
    }
  }

  /// Up to `count` bytes from an offset; fewer where the file ends before.
  package func bytes(at offset: UInt64, count: Int) throws -> [UInt8] {
    guard offset < size else { return [] }
    let wanted = Int(min(UInt64(count), size - offset))
    var buffer = [UInt8](repeating: 0, count: wanted)
    var filled = 0
    while filled < wanted {
      let got = buffer.withUnsafeMutableBytes { buffer in
        pread(descriptor, buffer.baseAddress.map { $0 + filled }, wanted - filled, off_t(offset) + off_t(filled))
      }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw SystemError("read the image") }
      if got == 0 { break }
      filled += got
    }
    return Array(buffer.prefix(filled))
  }
}

extension ImageFile {
  /// Copies what a descriptor gives to a new file, as far as it goes, and answers with the number of bytes; what is zero
  /// takes no room.
  ///
  /// Throws an ``ImageRefusal`` when there are more than `limit` bytes. Blocks: for a thread of its own.
  static func copy(from source: Int32, to path: String, limit: UInt64) throws -> UInt64 {
    var target = try SparseFile(creating: path)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(source, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw SystemError("read the image") }
      if count == 0 { break }
      guard target.size + UInt64(count) <= limit else { throw tooLarge(limit) }
      try buffer.withUnsafeBytes { try target.append(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
    try target.finish()
    return target.size
  }

  /// What is said of more bytes than an image may have.
  static func tooLarge(_ limit: UInt64) -> ImageRefusal {
    ImageRefusal("it has more than \(limit) bytes", hint: "a larger --max-size allows it, if that is what you expect")
  }
}
