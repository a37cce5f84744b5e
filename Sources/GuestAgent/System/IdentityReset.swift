import Glibc
import GuestProtocol
import GuestTransport

/// The steps by which a copy of a guest becomes a guest of its own; each can fail without keeping the others from it.
struct IdentityReset: Sendable {
  let system: GuestSystem
  let request: IdentityRequest
  let cards: [CardChange]
  private let key: GuestKey?
  private let takeKey: @Sendable (GuestKey) throws(KernelError) -> Void
  var reply = IdentityReply()
  /// Whether the SSH server has other keys now, and whether some are still missing.
  var hostKeys: (areNew: Bool, areMissing: Bool) = (false, false)

  /// Checks the request; throws ``OperationFailure`` before anything is changed. `takeKey` has the agent take another key.
  init(
    _ system: GuestSystem, _ request: IdentityRequest,
    takeKey: @escaping @Sendable (GuestKey) throws(KernelError) -> Void
  ) throws {
    self.system = system
    self.request = request
    self.takeKey = takeKey
    do {
      key = request.keyFile.isEmpty ? nil : try GuestKey(file: request.keyFile)
    } catch {
      throw OperationFailure(.invalid, "the copy's key file cannot be used: \(error.message)")
    }
    guard request.hostname.isEmpty || Self.isHostname(request.hostname) else {
      throw OperationFailure(.invalid, "a host name has up to 64 letters, digits, hyphens and dots")
    }
    guard request.seed.count <= 512 else {
      throw OperationFailure(.invalid, "a seed has at most 512 bytes, not \(request.seed.count)")
    }
    guard request.interfaces.count <= 256 else {
      throw OperationFailure(.invalid, "an identity has at most 256 network cards")
    }
    cards = try request.interfaces.map { entry in
      guard let old = MACAddress(entry.oldMAC), let new = MACAddress(entry.newMAC) else {
        throw OperationFailure(.invalid, "a network card's address is not like 52:54:00:12:34:56")
      }
      return CardChange(old: old, new: new)
    }
  }

  /// Labels of letters, digits and hyphens that neither begin nor end with one, between dots; see hostname(7).
  static func isHostname(_ name: String) -> Bool {
    guard name.utf8.count <= 64 else { return false }
    return name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
      let isHyphen = { (byte: UInt8?) in byte == UInt8(ascii: "-") }
      return (1...63).contains(label.count) && !isHyphen(label.first) && !isHyphen(label.last)
        && label.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
          default: false
          }
        }
    }
  }

  /// Takes the steps. The random numbers come first, since what follows is made of them, and the network last, since
  /// that sends the new names out.
  mutating func run() -> IdentityReply {
    if !request.seed.isEmpty {
      attempt("the kernel's random numbers") { reset throws(KernelError) in try reset.reseed() }
    }
    if !request.hostname.isEmpty { attempt("the host name") { reset throws(KernelError) in try reset.setHostname() } }
    if request.resetsMachineID { attempt("the machine ID") { reset throws(KernelError) in try reset.resetMachineID() } }
    if request.resetsHostKeys {
      attempt("the SSH host keys") { reset throws(KernelError) in try reset.resetHostKeys() }
    }
    if let key {
      attempt("the agent's key") { reset throws(KernelError) in
        try reset.takeKey(key)
        reset.reply.tookKey = true
        reset.did("the agent has a key of its own")
      }
    }
    changeNetwork()
    // The guest's one processor may have enough to do until here.
    attempt("the SSH server") { reset throws(KernelError) in try reset.bringHostKeys() }
    // A reply has to fit into one frame.
    while reply.encoded.count > ProtocolLimits.maximumPayload {
      if reply.steps.count > reply.problems.count { reply.steps.removeLast() } else { reply.problems.removeLast() }
    }
    return reply
  }

  /// Takes a step and notes what became of it.
  mutating func attempt(_ subject: String, _ step: (inout IdentityReset) throws(KernelError) -> Void) {
    do throws(KernelError) {
      try step(&self)
    } catch {
      reply.problems.append("\(subject): cannot \(error)")
    }
  }

  /// Notes that a step was taken.
  mutating func did(_ step: String) {
    reply.steps.append(step)
  }

  private mutating func reseed() throws(KernelError) {
    try system.kernel.reseed(request.seed)
    did("the kernel's random numbers have a new seed")
    // Two guests that boot with the same saved seed would begin alike.
    let saved = "/var/lib/systemd/random-seed"
    guard system.isPlainFile(saved) else { return }
    try system.replace(saved, with: Self.random(512), mode: 0o600)
    did("\(saved) is new")
  }

  private mutating func setHostname() throws(KernelError) {
    let old = system.kernel.hostname()
    let name = request.hostname
    try system.kernel.setHostname(name)
    did("the host name is \(name)")
    if system.isPlainFile("/etc/hostname") || !system.exists("/etc/hostname") {
      try system.replace("/etc/hostname", with: Array("\(name)\n".utf8), mode: 0o644)
      did("/etc/hostname is written")
    } else {
      reply.problems.append("/etc/hostname is no plain file and was left alone")
    }
    try renameInHosts(old: old, new: name)
  }

  /// Debian gives the machine's own name the address 127.0.1.1 in /etc/hosts.
  private mutating func renameInHosts(old: String, new: String) throws(KernelError) {
    guard !old.isEmpty, system.isPlainFile("/etc/hosts"), let bytes = system.read("/etc/hosts", limit: 1 << 20),
      bytes.count < 1 << 20
    else { return }
    var result: [UInt8] = []
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if !result.isEmpty || line.startIndex > 0 { result.append(UInt8(ascii: "\n")) }
      guard line.starts(with: "127.0.1.1".utf8), let after = line.dropFirst(9).first, after <= 32 else {
        result += line
        continue
      }
      var word: [UInt8] = []
      for byte in line + [0] {
        if byte > 32 {
          word.append(byte)
          continue
        }
        let oldBytes = Array(old.utf8)
        let isName = word.starts(with: oldBytes) && (word.count == oldBytes.count || word[oldBytes.count] == 0x2e)
        result += isName ? Array(new.utf8) + word.dropFirst(oldBytes.count) : word
        if byte != 0 { result.append(byte) }
        word = []
      }
    }
    guard result != bytes else { return }
    try system.replace("/etc/hosts", with: result, mode: 0o644)
    did("/etc/hosts has the new name")
  }

  /// machine-id(5) wants 32 hexadecimal digits that make a UUID of version 4.
  private mutating func resetMachineID() throws(KernelError) {
    var bytes = Self.random(16)
    bytes[6] = bytes[6] & 0x0f | 0x40
    bytes[8] = bytes[8] & 0x3f | 0x80
    let digits = Array("0123456789abcdef".utf8)
    let line = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] } + [UInt8(ascii: "\n")]
    try system.replace("/etc/machine-id", with: line, mode: 0o444)
    did("/etc/machine-id is new")
    // Where this is a link it shows the other one.
    guard system.isPlainFile("/var/lib/dbus/machine-id") else { return }
    try system.replace("/var/lib/dbus/machine-id", with: line, mode: 0o444)
    did("/var/lib/dbus/machine-id is new")
  }

  private static func random(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }
}

/// A network card that gets another hardware address.
struct CardChange: Sendable, Equatable {
  let old: MACAddress
  let new: MACAddress
}
