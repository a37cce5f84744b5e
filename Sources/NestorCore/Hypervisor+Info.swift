import DomainXML
import Libvirt
import LibvirtFailures
import NestorSupport
import Templates

extension Hypervisor {
  /// All that is known of a guest.
  public func info(_ name: String) async throws -> GuestInfo {
    let domain = try await domain(name)
    let record = try await record(of: domain)
    let status = try await status(of: domain, record: record)
    return try await explaining("cannot read guest '\(name)'") {
      let definition = try DomainDefinition(xml: try await domain.xml())
      let present = try await domain.state()
      // Addresses are a help; a guest that just went off must not make the whole call fail.
      let addresses = status.isActive ? (try? await domain.interfaceAddresses(.lease)) ?? [] : []
      let work = status == .paused ? workOfOthers(on: domain) : nil
      return GuestInfo(
        name: domain.name, uuid: domain.uuid, status: status, reason: work ?? present.reasonText ?? "",
        cpus: definition.vcpus, memory: definition.memory.bytes,
        accelerator: definition.type == .kvm ? "kvm" : "tcg", autostart: try await domain.autostart(),
        template: record?.template, parameters: record?.parameters ?? [:], image: record?.image,
        copiedFrom: record?.copiedFrom,
        disks: definition.devices.disks.map {
          GuestInfo.Disk(target: $0.target, source: $0.source.path, format: $0.format?.rawValue)
        },
        interfaces: definition.devices.interfaces.map { interface in
          GuestInfo.Interface(
            source: interface.source.text, mac: interface.mac,
            addresses: addresses.filter { $0.mac == interface.mac }.flatMap(\.addresses).map {
              "\($0.address)/\($0.prefix)"
            })
        },
        cid: definition.devices.vsock?.cid, consoleLog: definition.devices.serialPorts.compactMap(\.log?.path).first,
        directory: record == nil ? nil : self.state.guest(domain.uuid))
    }
  }

  /// A guest's console log, whether it is there yet or not.
  public func consoleLog(of name: String) async throws -> ConsoleLog {
    let domain = try await domain(name)
    return try await explaining("cannot read guest '\(name)'") {
      let definition = try DomainDefinition(xml: try await domain.xml())
      guard let path = definition.devices.serialPorts.compactMap(\.log?.path).first else {
        throw NestorError(
          .unsupported, "guest '\(name)' keeps no log of its console",
          cause: try await record(of: domain) == nil
            ? "nestor did not make it" : "its template says `console: {log: false}`",
          hint: "look at the console itself: nestor console \(name)")
      }
      return ConsoleLog(path: path)
    }
  }

  /// Opens a guest's console, as a stream of what it prints and what is typed; `force` takes it over from another user.
  public func openConsole(of name: String, force: Bool) async throws -> Libvirt.Stream {
    let domain = try await domain(name)
    guard try await status(of: domain, record: nil).isActive else {
      throw NestorError(.invalidState, "guest '\(name)' is not running", hint: "start it: nestor start \(name)")
    }
    return try await explaining("cannot open the console of guest '\(name)'") {
      try await domain.openConsole(force ? .force : .safe)
    }
  }

  /// A guest's domain XML: as it runs, or of its next start.
  public func xml(of name: String, inactive: Bool = false) async throws -> String {
    let domain = try await domain(name)
    return try await explaining("cannot read guest '\(name)'") { try await domain.xml(inactive ? .inactive : []) }
  }

  /// What libvirt made of the XML that Nestor would write today for a guest of the same template, as a unified diff.
  public func xmlDifference(of name: String, _ planner: Planner) async throws -> String {
    let domain = try await domain(name)
    guard let record = try await record(of: domain) else {
      throw NestorError(.unsupported, "guest '\(name)' was not made by nestor, so there is nothing to compare with")
    }
    // A password's hash is not in the XML, so that any other will do.
    let hash = "$6$notkept$" + String(repeating: "x", count: 86)
    let plan = try planner.plan(
      template: record.template, name: domain.name,
      parameters: record.parameters.mapValues { $0 == GuestRecord.notKept ? hash : $0 }, uuid: domain.uuid,
      contextID: record.contextID)
    let theirs = try await xml(of: name, inactive: true)
    return try await explaining("cannot compare the XML of guest '\(name)'") {
      try XMLDifference(old: plan.xml, new: theirs).unified()
    }
  }
}

extension NetworkInterface.Source {
  /// What a NIC is attached to, for people.
  var text: String {
    switch self {
    case .network(let name): "network \(name)"
    case .bridge(let name): "bridge \(name)"
    case .user: "user"
    case .ethernet: "ethernet"
    case .vhostUser(let path, _): "vhostuser \(path)"
    case .direct(let device, _): "direct \(device)"
    case .other(let type): type
    }
  }
}
