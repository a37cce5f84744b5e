import Glibc
import GuestProtocol
import GuestTransport

extension IdentityReset {
  /// Gives the cards their addresses and asks for new leases.
  ///
  /// The old lease is the copied guest's and must not be given back in its name. So a client that gives it back when told
  /// is told so while its card is down, and one that cannot be told is killed, not ended.
  mutating func changeNetwork() {
    guard request.renewsNetwork || !cards.isEmpty else { return }
    let manager = NetworkManager(system)
    let found = findCards()
    let isRenamed = renameCards(found.map(\.change))
    var arguments: [[String]] = []
    if case .dhclient(let clients) = manager, request.renewsNetwork || !found.isEmpty {
      for client in clients {
        arguments.append(
          (system.read("/proc/\(client)/cmdline") ?? []).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        )
        attempt("the DHCP client") { reset throws(KernelError) in try reset.system.kernel.signal(client, SIGKILL) }
      }
    }
    for (card, change) in found {
      attempt(card) { reset throws(KernelError) in try reset.change(card, to: change.new, manager) }
    }
    guard request.renewsNetwork || !found.isEmpty else { return }
    switch manager {
    case nil:
      if request.renewsNetwork { reply.problems.append("no DHCP client was found that could ask for a new lease") }
    case .networkd: renewByNetworkd(changed: found.map(\.card), isRenamed: isRenamed)
    case .networkManager:
      if isRenamed { run(["nmcli", "connection", "reload"]) }
      for card in physicalCards {
        let isChanged = found.contains { $0.card == card }
        run(["nmcli", "--wait", "20", "device", isChanged ? "connect" : "reapply", card])
      }
    case .udhcpc(let clients):
      for client in clients {
        attempt("the DHCP client") { reset throws(KernelError) in
          try reset.system.kernel.signal(client, SIGUSR1)
          reset.did("udhcpc (\(client)) asks for a lease")
        }
      }
    case .dhclient:
      // It keeps an address that it finds, and in the foreground waits for a server.
      for (card, _) in found { run(["ip", "-4", "address", "flush", "dev", card]) }
      for line in arguments where !line.isEmpty {
        let name = line[0].utf8.split(separator: UInt8(ascii: "/")).last.map { String(decoding: $0, as: UTF8.self) }
        run([name ?? ""] + (line.contains("-nw") ? [] : ["-nw"]) + line.dropFirst())
      }
    case .dhcpcd: run(["dhcpcd", "--rebind"])
    }
  }

  /// Cards that are no bridge, tunnel or part of another device, by their names.
  private var physicalCards: [String] {
    system.names(in: "/sys/class/net").filter { system.exists("/sys/class/net/\($0)/device") }
  }

  /// Which card each change is for; all of them are found before any is changed, since addresses may be exchanged.
  private mutating func findCards() -> [(card: String, change: CardChange)] {
    let names = physicalCards.isEmpty ? system.names(in: "/sys/class/net") : physicalCards
    let addresses = names.map { (name: $0, mac: MACAddress(system.line("/sys/class/net/\($0)/address"))) }
    var found: [(card: String, change: CardChange)] = []
    for change in cards {
      if let card = addresses.first(where: { $0.mac == change.old }) {
        if change.old != change.new { found.append((card.name, change)) }
      } else if let card = addresses.first(where: { $0.mac == change.new }) {
        did("\(card.name) has the address \(change.new) already")
      } else {
        reply.problems.append("no network card has the address \(change.old)")
      }
    }
    return found
  }

  private mutating func change(_ card: String, to mac: MACAddress, _ manager: NetworkManager?) throws(KernelError) {
    let kernel = system.kernel
    // Without anyone who would set them again the routes have to stay, and many cards can change while they are up.
    if manager == nil, (try? kernel.setMAC(card, mac.bytes)) != nil {
      return did("\(card) has the address \(mac)")
    }
    try kernel.setLink(card, isUp: false)
    if case .udhcpc(let clients) = manager {
      for client in clients where clients.count == 1 || serves(client, card) { try? kernel.signal(client, SIGUSR2) }
      waitForNoAddress(card)
    }
    do throws(KernelError) {
      try kernel.setMAC(card, mac.bytes)
    } catch {
      try? kernel.setLink(card, isUp: true)
      throw error
    }
    try kernel.setLink(card, isUp: true)
    did("\(card) has the address \(mac)")
  }

  /// Whether a DHCP client's arguments name a card.
  private func serves(_ process: Int32, _ card: String) -> Bool {
    (system.read("/proc/\(process)/cmdline") ?? []).split(separator: 0).contains { $0.elementsEqual(card.utf8) }
  }

  /// Gives the client the time to take its address away, a second at most.
  private func waitForNoAddress(_ card: String) {
    let end = Instant.now + .seconds(1)
    let isIPv4 = { (address: String) in !address.utf8.contains(UInt8(ascii: ":")) }
    while system.kernel.addresses().contains(where: { $0.interface == card && isIPv4($0.address) }), Instant.now < end {
      usleep(20_000)
    }
  }

  private mutating func renewByNetworkd(changed: [String], isRenamed: Bool) {
    // Its own identity follows from the machine ID, which it reads when it starts, as it does its files.
    guard !request.resetsMachineID && !isRenamed else {
      return run(["systemctl", "try-restart", "systemd-networkd.service"])
    }
    for card in physicalCards { run(["networkctl", changed.contains(card) ? "reconfigure" : "renew", card]) }
  }

  /// Runs a program and notes what became of it.
  private mutating func run(_ arguments: [String]) {
    var command = ""
    for argument in arguments { command += (command.isEmpty ? "" : " ") + argument }
    attempt("the network") { reset throws(KernelError) in
      let end = try ProgramRun.run(arguments, in: reset.system, timeout: .seconds(60))
      if end.status == 0 {
        reset.did("'\(command)' succeeded")
      } else {
        reset.reply.problems.append("'\(command)' ended with \(end.status): \(shown(end.output))")
      }
    }
  }
}
