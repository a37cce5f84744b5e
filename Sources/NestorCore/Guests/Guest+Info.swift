import DomainXML
import Libvirt
import NestorSupport

extension Guest {
  /// What it does at the moment. `record` is what Nestor knows of it, for one that may be half made or half deleted.
  func status(_ record: GuestRecord? = nil) async throws -> GuestStatus {
    try await withContext("cannot ask for the state of guest '\(name)'") {
      try await status(try await domain.state(), record)
    }
  }

  /// What it does that is in a state of libvirt's.
  func status(_ state: DomainState, _ record: GuestRecord? = nil) async throws -> GuestStatus {
    GuestStatus(state, record, isSaved: state.status == .shutoff ? try await domain.hasManagedSave() : false)
  }

  /// The error of what needs a guest that runs.
  func notRunning(_ status: GuestStatus) -> NestorError {
    let message = "guest '\(name)' is not running"
    switch status {
    case .crashed:
      return NestorError(
        .invalidState, message, cause: "it crashed\(consoleEnd)",
        hint: "see why: nestor logs \(name); start it: nestor start \(name)")
    case .panicked:
      return NestorError(
        .invalidState, message, cause: "its kernel panicked\(consoleEnd)",
        hint: "boot it again: nestor restart --force \(name)")
    default: return NestorError(.invalidState, message, hint: "start it: nestor start \(name)")
    }
  }

  /// All that is known of it.
  package func info() async throws -> GuestInfo {
    let record = try await record()
    return try await withContext("cannot read guest '\(name)'") {
      let state = try await domain.state()
      let status = try await status(state, record)
      let definition = try DomainDefinition(xml: try await domain.xml())
      // Addresses are a help; a guest that just went off must not make the whole call fail.
      let addresses = status.isActive ? (try? await domain.interfaceAddresses(.lease)) ?? [] : []
      let work = status == .paused ? workOfOthers() : nil
      return GuestInfo(
        name: name, uuid: uuid, status: status, reason: work ?? state.reasonText ?? "",
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
        directory: record == nil ? nil : directory)
    }
  }

  /// Its domain XML: as it runs, or of its next start.
  package func xml(inactive: Bool = false) async throws -> String {
    try await withContext("cannot read guest '\(name)'") { try await domain.xml(inactive ? .inactive : []) }
  }

  /// What libvirt made of the XML that Nestor would write today for a guest of the same template, as a unified diff.
  package func xmlDifference(_ planner: Planner) async throws -> String {
    guard let record = try await record() else {
      throw NestorError(.unsupported, "guest '\(name)' was not made by nestor, so there is nothing to compare with")
    }
    // A password's hash is not in the XML, so that any other will do.
    let hash = "$6$notkept$" + String(repeating: "x", count: 86)
    let parameters = record.parameters.mapValues { $0 == GuestRecord.notKept ? hash : $0 }
    // The templates that come with Nestor may lie elsewhere after an update, under the same names.
    let file = record.templateFile.flatMap { FileTree.isRegularFile($0) ? $0 : nil }
    let missing = file == nil ? record.templateFile : nil
    let plan: GuestPlan
    do {
      plan = try planner.plan(
        template: file ?? record.template, name: name, parameters: parameters, uuid: uuid, contextID: record.contextID)
    } catch let error as NestorError where error.code == .templateNotFound && missing != nil {
      throw NestorError(
        .templateNotFound, "cannot compare the XML of guest '\(name)'",
        cause: "the template that it was made from is not there any more: \(missing ?? "")",
        hint: "put it back; or see what libvirt has: nestor xml \(name)")
    }
    if let missing {
      hypervisor.warn(
        "\(missing), which guest '\(name)' was made from, is not there any more: this is the "
          + "template '\(record.template)' of today")
    }
    let theirs = try await xml(inactive: true)
    return try await withContext("cannot compare the XML of guest '\(name)'") {
      try XMLDifference(old: try plan.xml, new: theirs).unified()
    }
  }
}
