import CLinux
import Glibc
import NestorSupport

/// Proves that another user can open a file, such as QEMU's user a device: opens it in a child process that has become
/// that user. Group membership, ACLs, device cgroups and mount options all count; AppArmor's profile of QEMU does not.
///
/// Becoming another user takes root.
package struct AccessProbe: Sendable {
  /// The file or device.
  package var path: String
  /// The longest that opening may take.
  package var timeLimit: Duration

  package init(path: String, timeLimit: Duration = .seconds(2)) {
    self.path = path
    self.timeLimit = timeLimit
  }

  /// What came of it.
  package enum Outcome: Sendable, Equatable {
    /// The file could be opened.
    case granted
    /// The file could not be opened, and why.
    case denied(SystemError)
    /// It could not be tried, most often since this process may not become the user (EPERM).
    case untested(SystemError)
  }

  /// Opens the file to read, and to write unless told otherwise, as `identity`, and closes it at once. Blocks for the
  /// time that opening takes.
  package func run(as identity: UserIdentity, writing: Bool = true) -> Outcome {
    var report = nestor_access_report()
    let started = identity.groups.withUnsafeBufferPointer { groups in
      nestor_access(
        path, writing ? O_RDWR : O_RDONLY, identity.user, identity.group, groups.baseAddress, UInt32(groups.count),
        timeLimit.clampedNanoseconds, &report)
    }
    if started < 0 { return .untested(SystemError("start a process to open \(path)", number: -started)) }
    if report.identity_error != 0 {
      return .untested(SystemError("become user \(identity.user)", number: report.identity_error))
    }
    if report.opened != 0 { return .granted }
    if report.timed_out != 0 { return .denied(SystemError("open \(path)", number: ETIMEDOUT)) }
    guard report.open_error != 0 else {
      return .untested(SystemError("wait for the process that opens \(path)", number: ECHILD))
    }
    return .denied(SystemError("open \(path)", number: report.open_error))
  }
}
