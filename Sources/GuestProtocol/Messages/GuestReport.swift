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

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, hostname)
    writer.put(2, kernel)
    writer.put(3, system)
    writer.put(4, uptime)
    for element in loads { writer.putElement(5, Array(element.utf8)) }
    writer.put(6, memoryTotal)
    writer.put(7, memoryAvailable)
    writer.put(8, processors)
    for element in interfaces { writer.putElement(9, element.encoded) }
    writer.put(10, agent)
    writer.put(11, machineID)
    writer.put(12, systemID)
    writer.put(13, signed: time)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: hostname = try field.string()
    case 2: kernel = try field.string()
    case 3: system = try field.string()
    case 4: uptime = try field.uint64()
    case 5: loads.append(try field.string())
    case 6: memoryTotal = try field.uint64()
    case 7: memoryAvailable = try field.uint64()
    case 8: processors = try field.uint32()
    case 9: interfaces.append(try InterfaceReport(decoding: try field.bytes()))
    case 10: agent = try field.string()
    case 11: machineID = try field.string()
    case 12: systemID = try field.string()
    case 13: time = try field.int64()
    default: break
    }
  }
}
