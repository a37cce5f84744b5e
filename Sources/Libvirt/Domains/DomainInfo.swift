import CLibvirt

/// The numbers of a domain that one cheap call brings, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainInfo.
public struct DomainInfo: Sendable, Equatable {
  /// What it does; the reason is not among these numbers.
  public let status: DomainState.Status
  /// The most memory it may have, in bytes.
  public let maximumMemory: UInt64
  /// The memory that it has, in bytes.
  public let memory: UInt64
  /// How many virtual CPUs it has.
  public let cpus: Int
  /// The CPU time that it used.
  public let cpuTime: Duration

  init(_ info: virDomainInfo) {
    status = DomainState(Int32(info.state), 0).status
    // libvirt counts in KiB; a driver's nonsense must not trap.
    maximumMemory = UInt64(info.maxMem).multipliedReportingOverflow(by: 1024).partialValue
    memory = UInt64(info.memory).multipliedReportingOverflow(by: 1024).partialValue
    cpus = Int(info.nrVirtCpu)
    cpuTime = .nanoseconds(info.cpuTime)
  }
}
