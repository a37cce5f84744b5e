import Glibc
import NestorSupport

/// Asks how much room a file system has. See statvfs(3).
package struct DiskSpaceProbe: Sendable {
  /// A folder or file on the file system.
  package var path: String

  /// A probe of the file system that `path` lies on.
  package init(path: String) {
    self.path = path
  }

  /// The answer.
  package struct Result: Sendable, Equatable {
    /// Bytes that any user may still take.
    package let availableBytes: UInt64
    /// The file system's size in bytes.
    package let totalBytes: UInt64
    /// Bytes that may be taken while guests write to the file system, which stand still when that is full: a twentieth of
    /// it, at most 1 GiB, is left to them.
    package var spareBytes: UInt64 { availableBytes - min(availableBytes, min(totalBytes / 20, 1 << 30)) }
    /// Nothing can be written.
    package let isReadOnly: Bool
  }

  /// Asks the file system of the path, or of the nearest folder above it that is there.
  package func run() throws(SystemError) -> Result {
    var path = path
    var answer = statvfs()
    while statvfs(path, &answer) != 0 {
      let failure = SystemError("statvfs \(path)")
      let parent = FileTree.parent(of: path)
      guard failure.number == ENOENT, parent != path, !path.isEmpty else { throw failure }
      path = parent
    }
    return Result(
      availableBytes: Self.product(UInt64(answer.f_bavail), UInt64(answer.f_frsize)),
      totalBytes: Self.product(UInt64(answer.f_blocks), UInt64(answer.f_frsize)),
      isReadOnly: answer.f_flag & UInt(ST_RDONLY) != 0)
  }

  private static func product(_ blocks: UInt64, _ size: UInt64) -> UInt64 {
    let (product, overflow) = blocks.multipliedReportingOverflow(by: size)
    return overflow ? .max : product
  }
}
