import Glibc
import Libvirt
import NestorSupport
import Synchronization

@testable import NestorDoctor
@testable import Probes

/// A machine made of files in a folder of its own, which goes with this value, and a libvirt made up.
final class DoctorFixture: Sendable {
  let root: String
  let libvirt: FakeLibvirt
  let notes = Mutex<[String]>([])
  let restarts = Mutex(0)

  /// An unprivileged LXD container with Debian's users; nothing in /dev.
  init(_ libvirt: FakeLibvirt = FakeLibvirt()) throws {
    self.libvirt = libvirt
    var template = Array("/tmp/nestor-doctor-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) } != nil
    }
    guard made else { throw SystemError("mkdtemp") }
    root = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    chmod(root, 0o755)
    try write("/run/systemd/container", "lxc\n")
    try write("/dev/lxd/sock", "")
    try write("/proc/self/uid_map", "         0    1000000      65536\n")
    try write("/etc/passwd", "root:x:0:0::/root:/bin/sh\nlibvirt-qemu:x:64055:107:::/usr/sbin/nologin\n")
    try write("/etc/group", "root:x:0:\nkvm:x:107:\nlibvirt-qemu:x:64055:libvirt-qemu\n")
    try write("/etc/libvirt/qemu.conf", "#remember_owner = 1\n")
  }

  deinit {
    try? FileTree.remove(root)
  }

  func write(_ path: String, _ text: String, mode: mode_t = 0o644) throws {
    try FileTree.makeDirectory(FileTree.parent(of: root + path))
    try FileTree.write(text.utf8, to: root + path, mode: mode)
  }

  func text(_ path: String) throws -> String { try FileTree.readText(root + path) }

  func remove(_ path: String) throws { try FileTree.remove(root + path) }

  /// What the checks look at, with a DHCP server that answers and disks with room.
  func context(_ change: (inout DoctorContext) -> Void = { _ in }) -> DoctorContext {
    let libvirt = libvirt
    var context = DoctorContext(
      state: StateDirectory(root: "\(root)/state", runtime: "\(root)/runtime"),
      libvirt: LibvirtAccess { libvirt }, uri: "qemu:///system")
    context.root = SystemRoot(root)
    context.isRoot = true
    context.hostname = "lab"
    context.askForAddress = { .success(DHCPOffer(address: "192.168.7.9", server: "\($0).1")) }
    context.probeSpace = { _ in
      .success(DiskSpaceProbe.Result(availableBytes: 1 << 40, totalBytes: 1 << 41, isReadOnly: false))
    }
    // Both keep the folder for as long as somebody looks at it.
    context.restartDaemon = {
      self.restarts.withLock { $0 += 1 }
      return "restarted it"
    }
    context.note = { note in self.notes.withLock { $0.append(note) } }
    change(&context)
    return context
  }

  /// The result of one check.
  func check(
    _ id: String, fixing: Bool = false, _ change: (inout DoctorContext) -> Void = { _ in }
  ) async throws -> CheckResult {
    let results = await Doctor(context(change)).examine(fixing: fixing)
    guard let result = results.first(where: { $0.id == id }) else {
      throw NestorError(.notFound, "there is no check \(id)")
    }
    return result
  }
}
