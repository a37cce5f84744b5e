import Glibc
import NestorSupport

/// Looks at a device file: which device it is, and whose. Whether it opens is another matter, see ``AccessProbe``.
package struct DeviceProbe: Sendable {
  /// The device file.
  package var path: String

  package init(path: String) {
    self.path = path
  }

  /// What was found.
  package struct Result: Sendable, Equatable {
    /// It is a character device; a plain file in its place is a common accident of containers.
    package let isCharacterDevice: Bool
    /// The device's major number.
    package let major: UInt32
    /// The device's minor number.
    package let minor: UInt32
    /// The permission bits.
    package let mode: UInt32
    /// The owner's number; 65534 for one that the user namespace does not know.
    package let user: UInt32
    /// The group's number.
    package let group: UInt32
    /// This process can open it to read and write.
    package let opens: Bool
  }

  /// Looks at the file, links followed, and opens it for a moment.
  package func run() throws(SystemError) -> Result {
    var information = stat()
    guard stat(path, &information) == 0 else { throw SystemError("stat \(path)") }
    let isCharacterDevice = information.st_mode & S_IFMT == S_IFCHR
    let device = UInt64(information.st_rdev)
    return Result(
      isCharacterDevice: isCharacterDevice,
      // As in makedev(3), whose macros Swift does not import.
      major: UInt32(truncatingIfNeeded: device >> 8 & 0xfff | device >> 32 & 0xffff_f000),
      minor: UInt32(truncatingIfNeeded: device & 0xff | device >> 12 & 0xffff_ff00),
      mode: UInt32(information.st_mode) & 0o7777,
      user: information.st_uid,
      group: information.st_gid,
      opens: opens())
  }

  private func opens() -> Bool {
    do throws(SystemError) {
      _ = try OwnedDescriptor(opening: path)
      return true
    } catch {
      return false
    }
  }
}
