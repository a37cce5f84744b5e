import Glibc
import GuestProtocol

extension IdentityReset {
  private static let folder = "/etc/ssh"
  private static let suffix = ".nestor-old"

  /// Makes new SSH host keys in place of those that the copied guest had, see ssh-keygen(1).
  mutating func resetHostKeys() throws(KernelError) {
    let keys = system.names(in: Self.folder).filter { name in
      name.utf8.starts(with: "ssh_host_".utf8) && (Self.ends(name, "_key") || Self.ends(name, "_key.pub"))
    }
    guard system.names(in: "/etc/dropbear").isEmpty else {
      reply.problems.append("the SSH host keys: those of dropbear were left alone; remove them and start it again")
      return
    }
    guard system.exists(Self.folder) else { return did("there is no SSH server whose host keys could be new") }
    guard ProgramRun.find("ssh-keygen", in: system) != nil else {
      throw KernelError("find ssh-keygen", number: ENOENT)
    }
    for key in keys { try move("\(Self.folder)/\(key)", to: "\(Self.folder)/\(key)\(Self.suffix)") }
    do throws(KernelError) {
      // Minutes under emulation, while the kernel looks for large primes.
      let end = try ProgramRun.run(["ssh-keygen", "-A"], in: system, milliseconds: 600_000)
      guard end.status == 0 else { throw KernelError("make keys (\(shown(end.output)))", number: EIO) }
    } catch {
      for key in keys { try? move("\(Self.folder)/\(key)\(Self.suffix)", to: "\(Self.folder)/\(key)") }
      throw error
    }
    for name in system.names(in: Self.folder) where Self.ends(name, Self.suffix) {
      unlink(system.path("\(Self.folder)/\(name)"))
    }
    did("the SSH host keys are new")
    // sshd(8) reads them again when it is told to.
    if let server = Int32(system.line("/run/sshd.pid")), server > 1 {
      try system.kernel.signal(server, SIGHUP)
      did("the SSH server has been told")
    }
  }

  private static func ends(_ name: String, _ end: String) -> Bool {
    name.utf8.suffix(end.utf8.count).elementsEqual(end.utf8)
  }

  private func move(_ from: String, to: String) throws(KernelError) {
    guard rename(system.path(from), system.path(to)) == 0 else { throw KernelError("rename \(from)") }
  }
}
