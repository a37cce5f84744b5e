import Glibc
import NestorSupport

/// What a program may use that reads something of which nobody knows whether it was made to do harm, see prlimit(1).
package struct ProgramLimits: Sendable {
  /// Its memory in bytes of address space.
  package var memory: UInt64
  /// Its time on processors, in whole seconds.
  package var time: Duration
  /// The size in bytes of the largest file that it writes.
  package var fileSize: UInt64

  package init(memory: UInt64 = 4 << 30, time: Duration = .seconds(3600), fileSize: UInt64) {
    self.memory = memory
    self.time = time
    self.fileSize = fileSize
  }

  var options: [String] {
    ["--as=\(memory)", "--cpu=\(time.components.seconds)", "--fsize=\(fileSize)", "--core=0"]
  }
}

extension ProgramLimits {
  /// Whether a program that failed did so since it wrote all that it may; a sparse file need not be that large.
  ///
  /// The shell that a program is guarded by names the signal, but not where the program died before the shell came to wait
  /// for it: then there is only its exit status.
  package static func hasReachedFileSize(_ error: NestorError) -> Bool {
    let signs = ["File too large", "File size limit exceeded", "signaled(\(SIGXFSZ))", "exited(\(128 + SIGXFSZ))"]
    return signs.contains { error.cause?.contains($0) == true }
  }
}
