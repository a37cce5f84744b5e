import CLinux
import NestorSupport

/// Asks how much memory a process may lock: VFIO devices and locked guests need all of theirs. See getrlimit(2).
package struct MemoryLockProbe: Sendable {
  /// A probe of this process.
  package init() {}

  /// The two limits.
  package struct Result: Sendable, Equatable {
    /// What holds now, in bytes; nil without limit.
    package let soft: UInt64?
    /// How far the process may raise it, in bytes; nil without limit.
    package let hard: UInt64?
  }

  /// Asks for RLIMIT_MEMLOCK.
  package func run() throws(SystemError) -> Result {
    var soft: UInt64 = 0
    var hard: UInt64 = 0
    try checked(nestor_memory_lock_limits(&soft, &hard), "getrlimit RLIMIT_MEMLOCK")
    return Result(soft: Self.bytes(soft), hard: Self.bytes(hard))
  }

  private static func bytes(_ limit: UInt64) -> UInt64? { limit == .max ? nil : limit }
}
