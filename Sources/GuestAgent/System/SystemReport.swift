import GuestProtocol

/// Reads what there is to tell of a guest from its files: proc(5), sysfs(5), os-release(5), machine-id(5).
///
/// What cannot be read is left out, so that a report always comes.
struct SystemReport {
  /// The most interfaces, and the most addresses of each, that a report names, so that it fits into one frame.
  static let limit = 128
  private let system: GuestSystem

  init(_ system: GuestSystem) {
    self.system = system
  }

  /// The whole report.
  var report: GuestReport {
    var report = GuestReport()
    report.hostname = system.kernel.hostname()
    report.kernel = system.line("/proc/sys/kernel/osrelease")
    let release = osRelease
    report.system = Self.shortened(release["PRETTY_NAME"] ?? release["NAME"] ?? "")
    report.systemID = Self.shortened(release["ID"] ?? "")
    report.machineID = Self.shortened(system.line("/etc/machine-id"))
    report.uptime = uptime
    report.loads = Self.words(system.line("/proc/loadavg")).prefix(3).map { $0 }
    let memory = memory
    report.memoryTotal = memory["MemTotal"] ?? 0
    report.memoryAvailable = memory["MemAvailable"] ?? memory["MemFree"] ?? 0
    report.processors = Self.count(ofList: system.line("/sys/devices/system/cpu/online"))
    report.interfaces = interfaces
    report.agent = agentProgram
    report.time = system.kernel.time()
    while report.encoded.count > ProtocolLimits.maximumPayload, !report.interfaces.isEmpty {
      report.interfaces.removeLast()
    }
    return report
  }

  private static func shortened(_ text: String) -> String { text.bounded(256) }

  private static func words(_ text: String) -> [String] {
    text.utf8.split { $0 <= 32 }.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The variables of /etc/os-release, which stands for /usr/lib/os-release where it is not there.
  private var osRelease: [String: String] {
    var variables: [String: String] = [:]
    let bytes = system.read("/etc/os-release") ?? system.read("/usr/lib/os-release") ?? []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let equals = line.firstIndex(of: UInt8(ascii: "=")), line.first != UInt8(ascii: "#") else { continue }
      variables[String(decoding: line[..<equals], as: UTF8.self)] = Self.unquoted(line[(equals + 1)...])
    }
    return variables
  }

  /// A value as a shell reads it: in quotes of either kind, a backslash before what would mean something.
  private static func unquoted(_ value: ArraySlice<UInt8>) -> String {
    var result: [UInt8] = []
    var quote: UInt8?
    var isEscaped = false
    for byte in value {
      if isEscaped {
        result.append(byte)
        isEscaped = false
      } else if byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "'") {
        isEscaped = true
      } else if let open = quote {
        if byte == open { quote = nil } else { result.append(byte) }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte > 32 {
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The first number of /proc/uptime has two digits behind its point.
  private var uptime: UInt64 {
    let seconds = system.line("/proc/uptime").utf8.prefix { $0 > 32 }.split(separator: UInt8(ascii: "."))
    guard let whole = seconds.first.flatMap({ UInt64(String(decoding: $0, as: UTF8.self)) }), whole < 1 << 40 else {
      return 0
    }
    let digits = (seconds.dropFirst().first.map { String(decoding: $0, as: UTF8.self) } ?? "") + "000"
    return whole * 1_000 + (UInt64(digits.prefix(3)) ?? 0)
  }

  /// The lines of /proc/meminfo in bytes.
  private var memory: [String: UInt64] {
    var values: [String: UInt64] = [:]
    for line in (system.read("/proc/meminfo") ?? []).split(separator: UInt8(ascii: "\n")) {
      let words = line.split { $0 <= 32 }
      guard words.count >= 2, let kilobytes = UInt64(String(decoding: words[1], as: UTF8.self)), kilobytes < 1 << 50
      else { continue }
      values[String(decoding: words[0].dropLast(), as: UTF8.self)] = kilobytes * 1024
    }
    return values
  }

  /// How many numbers a list such as `0-3,5` names.
  private static func count(ofList text: String) -> UInt32 {
    var count: UInt32 = 0
    for range in text.utf8.split(separator: UInt8(ascii: ",")) {
      let ends = range.split(separator: UInt8(ascii: "-")).map { UInt16(String(decoding: $0, as: UTF8.self)) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else { continue }
      count += UInt32(last - first) + 1
    }
    return count
  }

  private var interfaces: [InterfaceReport] {
    let addresses = system.kernel.addresses()
    return system.names(in: "/sys/class/net").prefix(Self.limit).map { name in
      var entry = InterfaceReport()
      entry.name = name
      entry.mac = system.line("/sys/class/net/\(name)/address")
      // IFF_UP is the lowest bit, see netdevice(7).
      let flags = system.line("/sys/class/net/\(name)/flags")
      entry.isUp = (UInt32(flags.dropFirst(2), radix: 16) ?? 0) & 1 == 1
      entry.addresses = addresses.filter { $0.interface == name }.prefix(Self.limit).map(\.address)
      return entry
    }
  }
}
