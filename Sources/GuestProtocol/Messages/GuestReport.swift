/// What the guest says of itself.
public struct GuestReport: Message {
  /// The host name.
  public var hostname = ""
  /// The kernel's release.
  public var kernel = ""
  /// PRETTY_NAME of /etc/os-release.
  public var system = ""
  /// Milliseconds since the kernel started.
  public var uptime: UInt64 = 0
  /// The load over 1, 5 and 15 minutes, as /proc/loadavg has it.
  public var loads: [String] = []
  /// Bytes of memory.
  public var memoryTotal: UInt64 = 0
  /// Bytes that programs could still have.
  public var memoryAvailable: UInt64 = 0
  /// Processors that are online.
  public var processors: UInt32 = 0
  /// The network interfaces.
  public var interfaces: [InterfaceReport] = []
  /// The agent's program and version.
  public var agent = ""
  /// /etc/machine-id.
  public var machineID = ""
  /// ID of /etc/os-release, such as `debian`.
  public var systemID = ""
  /// The guest's clock: nanoseconds since 1970.
  public var time: Int64 = 0

  /// A message whose fields all have their defaults.
  public init() {}

  /// Hands each field to a coder, under its number.
  public mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
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
