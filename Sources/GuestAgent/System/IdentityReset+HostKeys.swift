import Glibc
import GuestProtocol

extension IdentityReset {
  private static let folder = "/etc/ssh"
  private static let suffix = ".nestor-old"
  /// The kinds of keys that are made at once; for others the copy would be kept waiting.
  private static let quickKinds = ["ed25519", "ecdsa"]

  /// Makes new SSH host keys in place of those that the copied guest had, see ssh-keygen(1); of those that take long to make,
  /// only the old ones are gone when this returns.
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
    let kinds = Self.quickKinds.filter { keys.contains("ssh_host_\($0)_key") }
    do throws(KernelError) {
      for kind in kinds {
        let path = system.path("\(Self.folder)/ssh_host_\(kind)_key")
        try makeKeys(["-q", "-t", kind, "-N", "", "-f", path])
      }
      if kinds.isEmpty { try makeKeys(["-A"]) }
    } catch {
      for key in keys { try? move("\(Self.folder)/\(key)\(Self.suffix)", to: "\(Self.folder)/\(key)") }
      throw error
    }
    for name in system.names(in: Self.folder) where Self.ends(name, Self.suffix) {
      unlink(system.path("\(Self.folder)/\(name)"))
    }
    did("the SSH host keys are new")
    let areMissing =
      !kinds.isEmpty && keys.contains { key in !kinds.contains { key.hasPrefix("ssh_host_\($0)_") } }
    hostKeys = (true, areMissing)
  }

  /// Has the SSH server take its new keys, and begins to make those that are missing.
  mutating func bringHostKeys() throws(KernelError) {
    guard hostKeys.areNew else { return }
    if try tellServer() { did("the SSH server has been told") }
    guard hostKeys.areMissing else { return }
    let late = self
    // Without them the server has the others.
    guard AgentThread.start({ late.makeLateKeys() }) else { throw KernelError("start a thread", number: EAGAIN) }
    did("the others follow")
  }

  /// Makes the keys that are missing: minutes under emulation, while large primes are looked for, so nobody waits for the
  /// processor meanwhile.
  private func makeLateKeys() {
    _ = try? makeKeys(["-A"], by: ProgramRun.find("nice", in: system) == nil ? [] : ["nice", "-n", "19"])
    _ = try? tellServer()
  }

  private func makeKeys(_ arguments: [String], by prefix: [String] = []) throws(KernelError) {
    let end = try ProgramRun.run(prefix + ["ssh-keygen"] + arguments, in: system, timeout: .seconds(600))
    guard end.status == 0 else { throw KernelError("make keys (\(shown(end.output)))", number: EIO) }
  }

  /// Has sshd(8) read its keys again; answers whether there is one.
  private func tellServer() throws(KernelError) -> Bool {
    guard let server = Int32(system.line("/run/sshd.pid")), server > 1 else { return false }
    try system.kernel.signal(server, SIGHUP)
    return true
  }

  private static func ends(_ name: String, _ end: String) -> Bool {
    name.utf8.suffix(end.utf8.count).elementsEqual(end.utf8)
  }

  private func move(_ from: String, to: String) throws(KernelError) {
    guard rename(system.path(from), system.path(to)) == 0 else { throw KernelError("rename \(from)") }
  }
}
