import CLinux
import Glibc
import GuestProtocol

/// The kernel that the agent runs on.
struct LinuxKernel: KernelCalls {
  func time() -> Int64 {
    Self.nanoseconds(of: CLOCK_REALTIME)
  }

  func elapsed() -> Int64 {
    let slept = Self.nanoseconds(of: CLOCK_BOOTTIME) &- Self.nanoseconds(of: CLOCK_MONOTONIC)
    return Self.nanoseconds(of: CLOCK_MONOTONIC_RAW) &+ slept
  }

  func uptime() -> Int64 {
    Self.nanoseconds(of: CLOCK_BOOTTIME)
  }

  private static func nanoseconds(of clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    let (nanoseconds, overflows) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    return overflows ? (time.tv_sec < 0 ? .min : .max) : nanoseconds &+ Int64(time.tv_nsec)
  }

  func setTime(_ nanoseconds: Int64) throws(KernelError) {
    let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(rest))
    guard clock_settime(CLOCK_REALTIME, &time) == 0 else { throw KernelError("set the clock") }
  }

  func setHostname(_ name: String) throws(KernelError) {
    guard sethostname(name, name.utf8.count) == 0 else { throw KernelError("set the host name") }
  }

  func hostname() -> String {
    var name = [CChar](repeating: 0, count: 257)
    guard gethostname(&name, 256) == 0 else { return "" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func freeze(_ folder: Int32, mountPoint: [UInt8]) throws(KernelError) {
    try KernelError.check(nestor_freeze(folder), "freeze \(shown(mountPoint))")
  }

  func thaw(_ folder: Int32, mountPoint: [UInt8]) throws(KernelError) {
    try KernelError.check(nestor_thaw(folder), "thaw \(shown(mountPoint))")
  }

  func signal(_ process: Int32, _ number: Int32) throws(KernelError) {
    guard kill(process, number) == 0 else { throw KernelError("signal process \(process)") }
  }

  func synchronise() {
    sync()
  }

  func power(_ action: PowerRequest.Action) throws(KernelError) {
    let number =
      switch action {
      case .off: NESTOR_POWER_OFF
      case .reboot: NESTOR_POWER_REBOOT
      case .halt: NESTOR_POWER_HALT
      }
    try KernelError.check(nestor_power(number), "ask the kernel for \(action)")
  }

  func reseed(_ bytes: [UInt8]) throws(KernelError) {
    let random = open("/dev/urandom", O_RDWR | O_CLOEXEC)
    guard random >= 0 else { throw KernelError("open /dev/urandom") }
    defer { close(random) }
    try KernelError.check(nestor_add_entropy(random, bytes, bytes.count), "add to the kernel's random numbers")
    // Kernels before 4.14 cannot; theirs reseed within minutes by themselves.
    let result = nestor_reseed(random)
    guard result != -ENOTTY, result != -EINVAL else { return }
    try KernelError.check(result, "reseed the kernel's random numbers")
  }

  func setMAC(_ interface: String, _ mac: [UInt8]) throws(KernelError) {
    guard mac.count == 6 else { throw KernelError("set the address of \(interface)", number: EINVAL) }
    try KernelError.check(nestor_set_mac(interface, mac), "set the address of \(interface)")
  }

  func setLink(_ interface: String, isUp: Bool) throws(KernelError) {
    try KernelError.check(nestor_set_link(interface, isUp ? 1 : 0), "take \(interface) \(isUp ? "up" : "down")")
  }

  func addresses() -> [(interface: String, address: String)] {
    var list: UnsafeMutablePointer<ifaddrs>?
    // A netlink request of glibc's own, without NSS.
    guard getifaddrs(&list) == 0 else { return [] }
    defer { freeifaddrs(list) }
    var result: [(interface: String, address: String)] = []
    var next = list
    while let entry = next?.pointee {
      next = entry.ifa_next
      guard let name = entry.ifa_name, let address = entry.ifa_addr,
        let text = Self.text(address, mask: entry.ifa_netmask)
      else { continue }
      result.append((String(cString: name), text))
    }
    return result
  }

  private static func text(_ address: UnsafeMutablePointer<sockaddr>, mask: UnsafeMutablePointer<sockaddr>?) -> String?
  {
    let family = Int32(address.pointee.sa_family)
    let offset: Int
    let size: Int
    switch family {
    case AF_INET: (offset, size) = (4, 4)
    case AF_INET6: (offset, size) = (8, 16)
    default: return nil
    }
    var buffer = [CChar](repeating: 0, count: 64)
    guard inet_ntop(family, UnsafeRawPointer(address) + offset, &buffer, socklen_t(buffer.count)) != nil else {
      return nil
    }
    let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard let mask else { return text }
    let bits = UnsafeRawBufferPointer(start: UnsafeRawPointer(mask) + offset, count: size)
    return "\(text)/\(bits.reduce(0) { $0 + $1.nonzeroBitCount })"
  }
}

/// Bytes of a path for a message.
func shown(_ path: [UInt8]) -> String {
  String(decoding: path.prefix(256), as: UTF8.self)
}
