import ArgumentParser
import CommandLineKit
import NestorCore
import NestorSupport

struct NetworkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "network", abstract: "Make and look after networks, the segments that guests are on.",
    subcommands: [
      NetworkCreateCommand.self, List.self, Info.self, Leases.self, Start.self, Stop.self, Delete.self,
    ], aliases: ["networks", "net"])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List all networks.", aliases: ["ls"])

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
      let hypervisor = try await connection.hypervisor(readOnly: true)
      Terminal.print(try Renderer(output).text(try await hypervisor.networks()))
    }
  }

  struct Info: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "info", abstract: "Show one network.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The network's name.", completion: .networks) var name: String

    func run() async throws {
      let hypervisor = try await connection.hypervisor(readOnly: true)
      let info = try await hypervisor.networkInfo(name)
      Terminal.print(
        output.format == .table
          ? try Renderer(output).text(one: NetworkDetails(info)) : try Renderer(output).text(one: info))
    }
  }

  struct Leases: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "leases", abstract: "List the addresses that a network gave to guests or keeps for them.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The network's name.", completion: .networks) var name: String

    func run() async throws {
      let hypervisor = try await connection.hypervisor(readOnly: true)
      Terminal.print(try Renderer(output).text(try await hypervisor.leases(of: name)))
    }
  }

  struct Start: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "start", abstract: "Start networks.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The networks' names.", completion: .networks) var names: [String]

    func run() async throws {
      let hypervisor = try await connection.hypervisor()
      try GuestArguments.report(
        await Batch.run(names.uniqued()) { name in _ = try await hypervisor.startNetwork(name) })
    }
  }

  struct Stop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "stop", abstract: "Stop networks.",
      discussion: "A network that was stopped is started again with libvirt, or with the next guest that needs it.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The networks' names.", completion: .networks) var names: [String]
    @Flag(name: .shortAndLong, help: "Stop those on which guests run, too: they lose it until they are restarted.")
    var force = false

    func run() async throws {
      let hypervisor = try await connection.hypervisor()
      let force = force
      try GuestArguments.report(
        await Batch.run(names.uniqued()) { name in _ = try await hypervisor.stopNetwork(name, force: force) })
    }
  }

  struct Delete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "delete", abstract: "Delete networks that no guest uses.", aliases: ["rm"])

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The networks' names.", completion: .networks) var names: [String]
    @Flag(name: .shortAndLong, help: "Delete those that nestor did not make, too.") var force = false

    func run() async throws {
      let hypervisor = try await connection.hypervisor()
      let force = force
      try GuestArguments.report(
        await Batch.run(names.uniqued()) { name in try await hypervisor.deleteNetwork(name, force: force) })
    }
  }
}

extension NetworkInfo: TableRow {
  /// The headings.
  public static var columns: [String] { ["NAME", "STATUS", "REACH", "BRIDGE", "SUBNETS", "DOMAIN", "GUESTS"] }

  /// The row.
  public var cells: [String] {
    [
      name, isActive ? "running" : "stopped", reach, bridge ?? "-",
      subnets.isEmpty ? "-" : subnets.joined(separator: " "), domain ?? "-", "\(guests.count)",
    ]
  }
}

/// A network with all that is known of it.
private struct NetworkDetails: TableRow {
  static let columns = [
    "Name", "UUID", "Status", "Autostart", "Made by", "Reach", "Bridge", "Subnets", "Gateways", "DHCP", "Reserved",
    "Domain", "MTU", "Guests",
  ]

  let info: NetworkInfo

  init(_ info: NetworkInfo) {
    self.info = info
  }

  var name: String { info.name }

  var cells: [String] {
    func list(_ texts: [String]) -> String { texts.isEmpty ? "-" : texts.joined(separator: " ") }
    return [
      info.name, info.uuid, info.isActive ? "running" : "stopped", info.autostart ? "yes" : "no",
      info.isOurs ? "nestor" : "others", info.reach, info.bridge ?? "-", list(info.subnets), list(info.gateways),
      list(info.ranges), list(info.reservations.map { "\($0.name ?? $0.mac ?? "?")=\($0.address)" }),
      info.domain ?? "-", info.mtu.map { "\($0)" } ?? "-", list(info.guests),
    ]
  }
}

extension NetworkLease: TableRow {
  /// The headings.
  public static var columns: [String] { ["ADDRESS", "MAC", "NAME", "GUEST", "RESERVED", "EXPIRES"] }

  /// The row.
  public var cells: [String] {
    [address, mac ?? "-", hostname ?? "-", guest ?? "-", isReserved ? "yes" : "no", expires ?? "-"]
  }

  /// What `--quiet` prints.
  public var name: String { address }
}
