import CLibvirt

/// The host's CPUs and memory, see https://libvirt.org/html/libvirt-libvirt-host.html#virNodeInfo.
public struct NodeInfo: Sendable, Hashable {
  /// The architecture, such as `x86_64`.
  public let model: String
  /// The memory, in bytes.
  public let memory: UInt64
  /// How many CPUs are online.
  public let cpus: Int
  /// Their frequency, in MHz; 0 where nobody knows.
  public let megahertz: Int
  /// How many NUMA nodes there are; 1 where there is no NUMA.
  public let numaNodes: Int
  /// How many sockets a node has.
  public let sockets: Int
  /// How many cores a socket has.
  public let cores: Int
  /// How many threads a core has.
  public let threads: Int

  init(_ info: virNodeInfo) {
    model = withUnsafeBytes(of: info.model) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    // libvirt counts in KiB; a driver's nonsense must not trap.
    memory = UInt64(info.memory).multipliedReportingOverflow(by: 1024).partialValue
    cpus = Int(info.cpus)
    megahertz = Int(info.mhz)
    numaNodes = Int(info.nodes)
    sockets = Int(info.sockets)
    cores = Int(info.cores)
    threads = Int(info.threads)
  }
}
