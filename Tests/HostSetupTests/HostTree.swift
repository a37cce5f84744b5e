import Foundation
import Glibc
import Probes

/// A tree that looks like a host's /proc, /dev and /lib; all of a run are taken away at its end.
struct HostTree {
  let root: SystemRoot
  private let folder: URL

  private static let all: URL = {
    atexit { HostTree.removeAll() }
    return URL(filePath: NSTemporaryDirectory()).appending(path: "nestor-host-\(getpid())")
  }()

  private static func removeAll() {
    try? FileManager.default.removeItem(at: all)
  }

  /// A host with these modules on disk, those loaded, and these devices.
  init(loadable: [String] = [], loaded: [String] = [], devices: [String] = [], hasModprobe: Bool = true) throws {
    folder = Self.all.appending(path: UUID().uuidString)
    root = SystemRoot(folder.path())
    try write("/proc/sys/kernel/osrelease", "6.1.0-test\n")
    try write("/proc/modules", loaded.map { "\($0) 16384 0 - Live 0x0\n" }.joined())
    try write("/proc/cpuinfo", "processor\t: 0\nvendor_id\t: AuthenticAMD\nflags\t\t: fpu svm\n")
    try write("/proc/net/route", Self.route)
    if hasModprobe {
      try write("/usr/sbin/modprobe", "")
      let lines = (loadable + loaded).map { "kernel/drivers/\($0).ko: \n" }
      try write("/lib/modules/6.1.0-test/modules.dep", lines.joined())
      try write("/lib/modules/6.1.0-test/modules.builtin", "")
    }
    for device in devices { try write(device, "") }
  }

  /// A host that has all that guests are handed.
  static func complete() throws -> HostTree {
    try HostTree(devices: ["/dev/kvm", "/dev/net/tun", "/dev/vhost-net", "/dev/vhost-vsock", "/dev/vsock"])
  }

  /// A host that has 10.57.90.0/24 already, and a default route.
  private static let route = """
    Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT
    eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0
    br0\t005A390A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0

    """

  func write(_ path: String, _ text: String) throws {
    let file = folder.appending(path: String(path.dropFirst()))
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }
}
