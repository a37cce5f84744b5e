import ArgumentParser
import CommandLineKit
import NestorCore
import NestorSupport
import Templates

struct NICCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nic", abstract: "Add, remove and unplug network cards of a guest.",
    discussion: """
      A guest that runs gets or loses the card at once; the change stays over its next starts. A card is named by its MAC
      address or by its place in the list.
      """,
    subcommands: [List.self, Add.self, Remove.self, Link.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List a guest's network cards.", aliases: ["ls"])

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The guest's name.", completion: .guests) var guest: String

    func run() async throws {
      let guest = try await connection.hypervisor(readOnly: true).guest(guest)
      Terminal.print(try Renderer(output).text(try await guest.nics.list()))
    }
  }

  struct Add: AsyncParsableCommand {
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

    func run() async throws {
      let nic = try GuestTemplate.NetworkCard(
        options: keys.all(
          TemplateOption("network", given: network, name: "the network"), TemplateOption("bridge", given: bridge),
          TemplateOption("mac", given: mac), TemplateOption("address", given: address),
          TemplateOption("mtu", given: mtu), TemplateOption("model", given: model),
          TemplateOption("filter", given: filter),
          TemplateOption("portIsolation", given: portIsolation ? "true" : nil),
          TemplateOption("link", given: linkDown ? "down" : nil, name: "--link-down")))
      let guest = try await connection.hypervisor().guest(guest)
      Terminal.print(try await guest.nics.add(nic) + "\n")
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "remove", abstract: "Remove a network card from a guest.", aliases: ["rm"])

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The guest's name.", completion: .guests) var guest: String
    @Argument(help: "The card's MAC address or place in the list.") var nic: String

    func run() async throws {
      let guest = try await connection.hypervisor().guest(guest)
      Terminal.print(try await guest.nics.remove(nic) + "\n")
    }
  }

  struct Link: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "link", abstract: "Plug the cable of a network card in or out.")

    /// Where the cable is.
    enum State: String, CaseIterable, ExpressibleByArgument {
      case up, down
    }

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The guest's name.", completion: .guests) var guest: String
    @Argument(help: "The card's MAC address or place in the list.") var nic: String
    @Argument(help: "up or down.") var state: State

    func run() async throws {
      let guest = try await connection.hypervisor().guest(guest)
      try await guest.nics.setLink(of: nic, up: state == .up)
      Terminal.print(self.guest + "\n")
    }
  }
}

extension NICSummary: TableRow {
  /// The headings.
  public static var columns: [String] { ["NIC", "MAC", "SOURCE", "MODEL", "LINK", "DEVICE", "ADDRESSES"] }

  /// The row.
  public var cells: [String] {
    [
      "\(index)", mac, source, model, isLinkUp ? "up" : "down", device ?? "-",
      addresses.isEmpty ? "-" : addresses.joined(separator: " "),
    ]
  }

  /// What `--quiet` prints.
  public var name: String { mac }
}
