import CLibvirt

/// How far a domain's job is, see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainJobInfo.
public struct JobInfo: Sendable, Equatable {
  /// How much of something is done, in bytes.
  public struct Progress: Sendable, Equatable {
    /// All of it; may grow while the guest writes.
    public let total: UInt64
    /// What is done.
    public let processed: UInt64
    /// What is left.
    public let remaining: UInt64
  }

  /// What is known of it.
  public let kind: JobKind
  /// How long it has run.
  public let timeElapsed: Duration
  /// How long it will run; nil where that cannot be told.
  public let timeRemaining: Duration?
  /// Everything together.
  public let data: Progress
  /// The memory.
  public let memory: Progress
  /// The disks.
  public let disks: Progress

  init(_ info: virDomainJobInfo) {
    kind = JobKind(info.type)
    timeElapsed = .milliseconds(info.timeElapsed)
    timeRemaining = kind == .bounded ? .milliseconds(info.timeRemaining) : nil
    data = Progress(total: info.dataTotal, processed: info.dataProcessed, remaining: info.dataRemaining)
    memory = Progress(total: info.memTotal, processed: info.memProcessed, remaining: info.memRemaining)
    disks = Progress(total: info.fileTotal, processed: info.fileProcessed, remaining: info.fileRemaining)
  }
}
