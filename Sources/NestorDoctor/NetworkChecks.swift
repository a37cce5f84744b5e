import NestorSupport
import Probes

/// The network that templates name, and whether guests get addresses on it.
struct NetworkChecks: Sendable {
  let context: DoctorContext

  private static let name = "default"
  /// libvirt's packages bring the network's definition here.
  private static let definition = "/usr/share/libvirt/networks/default.xml"

  var requirements: [Requirement] { [network, addresses] }

  private var network: Requirement {
    Requirement(
      id: "network", what: "libvirt's network \(Self.name) runs", reason: "templates put guests on it", isFatal: true,
      remedy: "virsh -c \(context.uri) net-start \(Self.name)", fix: { [context] in try await Self.mend(context) }
    ) { [context] in
      let virsh = "virsh -c \(context.uri)"
      return await context.askingQEMU { connection in
        guard let network = try await connection.network(named: Self.name) else {
          return Finding(
            .fail, "there is no network \(Self.name)",
            remedy: "\(virsh) net-define \(Self.definition) && \(virsh) net-start \(Self.name)"
              + " && \(virsh) net-autostart \(Self.name)")
        }
        let bridge = network.bridge.map { " (bridge \($0))" } ?? ""
        guard network.isActive else {
          return Finding(
            .fail, "the network \(Self.name)\(bridge) is off",
            remedy: "\(virsh) net-start \(Self.name)"
              + (network.startsByItself ? "" : " && \(virsh) net-autostart \(Self.name)"))
        }
        guard network.startsByItself else {
          return Finding(
            .warn, "\(Self.name)\(bridge) runs, and will be off after the next boot",
            remedy: "\(virsh) net-autostart \(Self.name)")
        }
        return Finding(.pass, "\(Self.name)\(bridge) runs, and starts by itself")
      }
    }
  }

  private static func mend(_ context: DoctorContext) async throws {
    let connection = try await context.libvirt.connection()
    var state = try await connection.network(named: name)
    if state == nil {
      guard let xml = context.text(definition) else {
        throw NestorError(
          .notFound, "there is no network \(name) and no \(definition) to define it from",
          hint: "apt-get install libvirt-daemon-config-network")
      }
      try await connection.defineNetwork(xml: xml)
      context.note("defined the network \(name) from \(definition)")
      state = try await connection.network(named: name)
    }
    if state?.startsByItself != true {
      try await connection.autostartNetwork(named: name)
      context.note("the network \(name) starts with libvirt from now on")
    }
    if state?.isActive != true {
      try await connection.startNetwork(named: name)
      context.note("started the network \(name)")
    }
  }

  private var addresses: Requirement {
    let virsh = "virsh -c \(context.uri)"
    return Requirement(
      id: "dhcp", what: "guests on \(Self.name) get addresses",
      reason: "a guest has no other way to learn its address, and nestor learns it from libvirt's dnsmasq",
      isFatal: true,
      remedy: "\(virsh) net-destroy \(Self.name) && \(virsh) net-start \(Self.name)   (running guests lose the network)"
    ) { [context] in
      await context.askingQEMU { connection in
        guard let network = try await connection.network(named: Self.name), network.isActive else {
          return Finding(.skip, "the network \(Self.name) does not run")
        }
        guard network.hasDHCP, let bridge = network.bridge else {
          return Finding(.skip, "the network \(Self.name) has no DHCP of libvirt's")
        }
        guard try await connection.uri().contains(":///") else {
          return Finding(.skip, "the network is on another machine")
        }
        guard context.isRoot else { return context.needsRoot }
        let answer = await BlockingWork.run { context.askForAddress(bridge) }
        return switch answer {
        case .success(let offer):
          Finding(.pass, "\(offer.server) offered \(offer.address) to a throw-away tap on \(bridge)")
        case .failure(.silence):
          Finding(
            .fail, "a throw-away tap on \(bridge) asked for an address, and nobody answered: \(servers(of: bridge))")
        case .failure(.tap(let failure)): Finding(.skip, "it could not be tried without a tap (\(failure))")
        case .failure(.join(let failure)): Finding(.fail, "no tap can join \(bridge) (\(failure))")
        }
      }
    }
  }

  /// Whether the process is there that should have answered.
  private func servers(of bridge: String) -> String {
    let file = "/run/libvirt/network/\(Self.name).pid"
    guard let text = context.text(file), let id = Int32(text.filter(\.isWholeNumber)),
      context.text("/proc/\(id)/comm")?.hasPrefix("dnsmasq") ?? false
    else { return "no dnsmasq runs for it (by \(file))" }
    return "its dnsmasq runs as process \(id), so a firewall may stand between: nft list ruleset"
  }
}
