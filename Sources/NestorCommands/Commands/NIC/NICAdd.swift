import ArgumentParser
import NestorCore
import Templates

extension NICCommand {
  struct Add: HypervisorCommand {
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Add a network card to a guest, and print its MAC address.",
      discussion: """
          nestor nic add web lab
          nestor nic add web --bridge br0 --mtu 1400
          nestor nic add web lab -o queues=4
        """)

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The guest's name.", completion: .guests) var guest: String
    @Argument(help: "The network that it is plugged into.", completion: .networks) var network: String?
    @Option(name: .long, help: "A bridge of the container, instead of a network.") var bridge: String?
    @Option(name: .long, help: "Its MAC address.") var mac: String?
    @Option(name: .long, help: "The address that the network's DHCP server keeps for it.") var address: String?
    @Option(name: .long, help: "The largest packet in bytes (default: the network's).") var mtu: String?
    @Option(
      name: .long, help: "The card that the guest sees: virtio or e1000e (default: virtio).",
      completion: .list(["virtio", "e1000e"]))
    var model: String?
    @Option(name: .long, help: "A network filter of libvirt's, such as clean-traffic.") var filter: String?
    @Flag(name: .customLong("port-isolation"), help: "It cannot reach other isolated cards of its bridge.")
    var portIsolation = false
    @Flag(name: .customLong("link-down"), help: "Its cable is not plugged in.") var linkDown = false

    @OptionGroup var keys: TemplateKeyOptions

    func validate() throws {
      guard network != nil || bridge != nil || !keys.others.isEmpty else {
        throw ValidationError("Name either a network or --bridge.")
      }
    }

    private func nic() throws -> GuestTemplate.NetworkCard {
      try GuestTemplate.NetworkCard(
        options: keys.all(
          TemplateOption("network", given: network, name: "the network"), TemplateOption("bridge", given: bridge),
          TemplateOption("mac", given: mac), TemplateOption("address", given: address),
          TemplateOption("mtu", given: mtu), TemplateOption("model", given: model),
          TemplateOption("filter", given: filter),
          TemplateOption("portIsolation", given: portIsolation ? "true" : nil),
          TemplateOption("link", given: linkDown ? "down" : nil, name: "--link-down")))
    }

    func check() throws { _ = try nic() }

    func run(_ hypervisor: Hypervisor) async throws -> String {
      try await hypervisor.guest(guest).nics.add(try nic()) + "\n"
    }
  }
}
