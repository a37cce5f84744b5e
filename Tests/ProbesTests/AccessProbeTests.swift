import Glibc
import NestorSupport
import Testing

@testable import Probes

@Suite("Access as another user")
struct AccessProbeTests {
  private static let isRoot = geteuid() == 0
  private let folder = TemporaryTree()

  private func file(mode: mode_t, group: gid_t) throws -> String {
    let path = try folder.write("file-\(mode)-\(group)", "text")
    try #require(chown(path, 0, group) == 0)
    try #require(chmod(path, mode) == 0)
    return path
  }

  @Test("another user gets what the file's mode gives", .enabled(if: isRoot, "needs root"))
  func mode() throws {
    let stranger = UserIdentity(user: 54_321, group: 54_321)
    #expect(AccessProbe(path: try file(mode: 0o666, group: 0)).run(as: stranger) == .granted)
    let closed = try file(mode: 0o600, group: 0)
    #expect(
      AccessProbe(path: closed).run(as: stranger) == .denied(SystemError("open \(closed)", number: EACCES)))
    let readable = try file(mode: 0o644, group: 0)
    #expect(AccessProbe(path: readable).run(as: stranger, writing: false) == .granted)
    #expect(
      AccessProbe(path: readable).run(as: stranger) == .denied(SystemError("open \(readable)", number: EACCES)))
  }

  @Test("the first group and the further groups count, and no others", .enabled(if: isRoot, "needs root"))
  func groups() throws {
    let path = try file(mode: 0o660, group: 43_210)
    let denied = AccessProbe.Outcome.denied(SystemError("open \(path)", number: EACCES))
    #expect(AccessProbe(path: path).run(as: UserIdentity(user: 54_321, group: 43_210)) == .granted)
    #expect(AccessProbe(path: path).run(as: UserIdentity(user: 54_321, group: 7, groups: [8, 43_210])) == .granted)
    #expect(AccessProbe(path: path).run(as: UserIdentity(user: 54_321, group: 7, groups: [8])) == denied)
    // The caller's own groups must be gone too.
    let rootsOwn = try file(mode: 0o660, group: getgid())
    #expect(
      AccessProbe(path: rootsOwn).run(as: UserIdentity(user: 54_321, group: 7))
        == .denied(SystemError("open \(rootsOwn)", number: EACCES)))
  }

  @Test("the caller stays who it is")
  func callerStays() throws {
    let before = (geteuid(), getegid(), getgroups(0, nil))
    _ = AccessProbe(path: "/dev/null").run(as: UserIdentity(user: 54_321, group: 54_321))
    #expect(before == (geteuid(), getegid(), getgroups(0, nil)))
  }

  @Test("who is not root learns that it could not be tried", .enabled(if: !isRoot, "needs another user than root"))
  func notRoot() {
    guard case .untested(let error) = AccessProbe(path: "/dev/null").run(as: UserIdentity(user: 0, group: 0)) else {
      Issue.record("a user without rights became root")
      return
    }
    #expect(error.number == EPERM)
  }

  @Test("a FIFO that nobody reads keeps nobody waiting", .enabled(if: isRoot, "needs root"))
  func fifo() throws {
    let path = folder.path("fifo")
    try #require(mkfifo(path, 0o666) == 0)
    let outcome = AccessProbe(path: path).run(as: UserIdentity(user: 0, group: 0), writing: false)
    #expect(outcome == .granted)
  }

  @Test("users and groups are read from /etc/passwd and /etc/group")
  func identities() throws {
    try folder.write(
      "etc/passwd",
      """
      root:x:0:0:root:/root:/bin/bash
      broken line
      libvirt-qemu:x:64055:107:Libvirt Qemu,,,:/var/lib/libvirt:/usr/sbin/nologin
      huge:x:99999999999:1::/:/bin/sh
      """)
    try folder.write(
      "etc/group", "root:x:0:\nkvm:x:107:\nlibvirt-qemu:x:64055:libvirt-qemu\nother:x:5:someone,libvirt-qemu-not\n")
    let root = SystemRoot(folder.root)
    #expect(
      UserIdentity(named: "libvirt-qemu", root: root)
        == UserIdentity(user: 64_055, group: 107, groups: [107, 64_055]))
    #expect(
      UserIdentity(named: "libvirt-qemu", group: "libvirt-qemu", root: root)
        == UserIdentity(user: 64_055, group: 64_055, groups: [64_055]))
    #expect(UserIdentity(named: "nobody-here", root: root) == nil)
    #expect(UserIdentity(named: "huge", root: root) == nil)
    #expect(UserIdentity(named: "root", group: "no-group", root: root) == nil)
  }
}
