import Glibc
import GuestProtocol

/// Writes one file under another name beside its place, which it takes at the end.
final class FileWriter {
  /// Why a file was not written.
  enum Refusal: Error {
    /// A call failed, with errno.
    case system(Int32)
    /// More came than the entry said.
    case tooLong
    /// Less came than the entry said.
    case tooShort
    /// The checksum is wrong.
    case checksum
  }

  /// The file's entry.
  let entry: FileEntry
  private let name: [CChar]
  private let temporary: [CChar]
  private let stack: DirectoryStack
  private var descriptor: Int32
  private var written: UInt64 = 0
  private var endsWithHole = false
  private var digest = FileDigest()

  /// Makes the file in the folder that the stack is in, and stays in until the file is finished.
  init(_ entry: FileEntry, name: [CChar], stack: DirectoryStack, folder: Int32) throws(DirectoryStack.Refusal) {
    self.entry = entry
    self.name = name
    self.stack = stack
    temporary = Self.temporaryName()
    descriptor = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw DirectoryStack.Refusal(number: errno) }
  }

  deinit {
    discard()
  }

  /// Writes bytes behind those that came.
  func write(_ bytes: UnsafeRawBufferPointer) throws(Refusal) {
    try advance(UInt64(bytes.count))
    digest.add(bytes)
    var rest = bytes
    while !rest.isEmpty {
      let offset = off_t(written) - off_t(rest.count)
      let count = pwrite(descriptor, rest.baseAddress, rest.count, offset)
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(errno)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    if !bytes.isEmpty { endsWithHole = false }
  }

  /// Leaves a hole behind the bytes that came.
  func skip(_ length: UInt64) throws(Refusal) {
    try advance(length)
    digest.addHole(length)
    endsWithHole = true
  }

  /// Puts the file into its place when all is right; answers with what it is where hard links to it may come.
  func finish(_ end: FileEnd, keepsOwner: Bool) throws(Refusal) -> TreeWriter.Inode? {
    guard end.digest == digest.bytes else { throw .checksum }
    guard entry.isUnbounded || end.isShort || written == entry.size else { throw .tooShort }
    if endsWithHole, ftruncate(descriptor, off_t(written)) != 0 { throw .system(errno) }
    let problem = entry.apply(to: descriptor, keepsOwner: keepsOwner)
    guard problem == 0 else { throw .system(problem) }
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { throw .system(errno) }
    do throws(DirectoryStack.Refusal) {
      let folder = try stack.current()
      // Some file systems tell only now that there was no room; the descriptor is gone in any case.
      let closing = close(descriptor)
      descriptor = -1
      guard closing == 0 || errno == EINTR, renameat(folder, temporary, folder, name) == 0 else {
        let number = errno
        unlinkat(folder, temporary, 0)
        throw DirectoryStack.Refusal(number: number)
      }
    } catch {
      throw .system(error.number)
    }
    return entry.hasLinks ? TreeWriter.Inode(device: information.st_dev, number: information.st_ino) : nil
  }

  /// Removes the file unless it was finished.
  func discard() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
    if let folder = try? stack.current() { unlinkat(folder, temporary, 0) }
  }

  /// A name that nothing has, and that one knows for what it is should it ever be left behind.
  static func temporaryName() -> [CChar] {
    let digits = Array("0123456789abcdef".utf8)
    var name = Array(".nestor-copy-".utf8)
    var random = UInt64.random(in: .min ... .max)
    for _ in 0..<16 {
      name.append(digits[Int(random & 15)])
      random >>= 4
    }
    return name.map { CChar(bitPattern: $0) } + [0]
  }

  private func advance(_ count: UInt64) throws(Refusal) {
    let limit = entry.isUnbounded ? UInt64(Int64.max) : entry.size
    guard count <= limit - written else { throw .tooLong }
    written += count
  }
}
