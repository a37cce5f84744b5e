import ArgumentParser
import CommandLineKit
import NestorCore

extension NetworkCommand {
  struct Create: HypervisorCommand {
    static let configuration = CommandConfiguration(
      commandName: "create", abstract: "Make a network and start it.",
      discussion: """
        The container has the first address of the subnet. Guests get the others by DHCP, each its own for good, and find
        each other by name. A network starts with libvirt. Run again, the command finishes what was interrupted.

          nestor network create lab --subnet 10.20.30.0/24 --domain lab.test
          nestor network create quiet --subnet 10.20.31.0/24 --isolated
          nestor network create outside --bridge br0
        """)

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The network's name.") var name: String
    @Option(name: .long, help: "The addresses of IPv4, such as 10.20.30.0/24.") var subnet: String?
    @Flag(name: .long, help: "Guests reach what the container reaches, under its address (the default).") var nat =
      false
    @Flag(name: .long, help: "Guests reach each other and the container, and nothing else.") var isolated = false
    @Flag(name: .long, help: "Guests reach what the container reaches, under their own addresses.") var route = false
    @Option(name: .long, help: "Guests are on this bridge of the container, which has to be there.") var bridge: String?
    @Option(name: .long, help: "The addresses of IPv6, such as fd00:20:30::/64; guests make up their own.")
    var ipv6: String?
    @Option(name: .long, help: "The domain of the guests' names, such as lab.test.") var domain: String?
    @Option(name: .long, help: "The largest packet in bytes.") var mtu: Int?
    @Flag(name: .customLong("no-dhcp"), help: "Guests get no addresses of IPv4.") var noDHCP = false

    func validate() throws {
      guard [nat, isolated, route, bridge != nil].count(where: { $0 }) <= 1 else {
        throw ValidationError("--nat, --isolated, --route and --bridge exclude each other.")
      }
    }

    private func settings() throws -> NetworkSettings {
      let reach: NetworkSettings.Reach =
        if let bridge { .bridge(bridge) } else if isolated { .isolated } else if route { .route } else { .nat }
      return try NetworkSettings(
        name: name, reach: reach, subnet: subnet, ipv6: ipv6, domain: domain, mtu: mtu, hasDHCP: !noDHCP)
    }

    func check() throws { _ = try settings() }

    func run(_ hypervisor: Hypervisor) async throws -> String {
      if try await hypervisor.createNetwork(try settings()) == .alreadyThere {
        Terminal.note("network '\(name)' is there already, made in the same way")
      }
      return name + "\n"
    }
  }
}
