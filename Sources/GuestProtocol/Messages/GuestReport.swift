/// What the guest says of itself.
package struct GuestReport: Message {
  /// The host name.
  package var hostname = ""
  /// The kernel's release.
  package var kernel = ""
  /// PRETTY_NAME of /etc/os-release.
  package var system = ""
  /// Milliseconds since the kernel started.
  package var uptime: UInt64 = 0
  /// The load over 1, 5 and 15 minutes, as /proc/loadavg has it.
  package var loads: [String] = []
  /// Bytes of memory.
  package var memoryTotal: UInt64 = 0
  /// Bytes that programs could still have.
  package var memoryAvailable: UInt64 = 0
  /// Processors that are online.
  package var processors: UInt32 = 0
  /// The network interfaces.
  package var interfaces: [InterfaceReport] = []
  /// The agent's program and version.
  package var agent = ""
  /// /etc/machine-id.
  package var machineID = ""
  /// ID of /etc/os-release, such as `debian`.
  package var systemID = ""
  /// The guest's clock: nanoseconds since 1970.
  package var time: Int64 = 0

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &hostname)
    try coder.field(2, &kernel)
    try coder.field(3, &system)
    try coder.field(4, &uptime)
    try coder.field(5, &loads)
    try coder.field(6, &memoryTotal)
    try coder.field(7, &memoryAvailable)
    try coder.field(8, &processors)
    try coder.field(9, &interfaces)
    try coder.field(10, &agent)
    try coder.field(11, &machineID)
    try coder.field(12, &systemID)
    try coder.field(13, &time)
  }
}
