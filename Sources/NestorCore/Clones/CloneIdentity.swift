import DomainXML
import NestorSupport

/// What makes a copy of a guest another guest: its name, its UUID, and all that follows from them.
struct CloneIdentity: Sendable {
  /// The guest that is copied.
  let source: (name: String, uuid: String)
  /// The copy's name.
  let name: String
  /// The copy's UUID.
  let uuid: String

  /// The copy's definition, out of the XML of its source.
  ///
  /// Everything of the source's that is named by its UUID becomes the copy's: the guest's directory with its disks, the log
  /// of the console, the sockets of the agent's ports, labels of AppArmor's. `linksDown` is for the links of its NICs.
  func definition(_ source: DomainDefinition, record: GuestRecord?, linksDown: Bool = false) throws -> DomainDefinition
  {
    let text = try source.xml().replacing(self.source.uuid, with: uuid)
    var definition = try DomainDefinition(xml: text)
    definition.rename(from: self.source.name, to: name)
    definition.generationID = .automatic
    if let record { definition.metadata[GuestRecord.namespace] = record.tree() }
    // Firmware variables outside of its directory stay the source's, and the copy gets new ones.
    if let nvram = source.os.nvram, nvram.path?.contains("/guests/\(self.source.uuid)/") != true {
      definition.os.nvram =
        nvram.template.map { .init(template: $0, templateFormat: nvram.templateFormat) }
      definition.os.unknown.forget("nvram")
    }
    // What lies under its disks is in the disks' own files.
    for index in definition.devices.disks.indices { definition.devices.disks[index].backingChain = nil }
    for index in definition.devices.interfaces.indices {
      definition.devices.interfaces[index].mac = Identifiers.macAddress(uuid: uuid, index: index)
      definition.devices.interfaces[index].targetDevice = nil
      if linksDown { definition.devices.interfaces[index].isLinkUp = false }
    }
    if definition.devices.vsock != nil {
      definition.devices.vsock?.contextID = .fixed(Identifiers.contextID(uuid: uuid))
    }
    if var strings = definition.smbios?.oemStrings {
      let old = NotifySocket(uuid: self.source.uuid).credential
      strings = strings.map { $0 == old ? NotifySocket(uuid: uuid).credential : $0 }
      definition.smbios?.oemStrings = strings
    }
    return definition
  }

  /// The addresses of the source's NICs, and those that the copy's have instead.
  func nics(_ source: DomainDefinition) -> [(old: String, new: String)] {
    source.devices.interfaces.enumerated().compactMap { index, nic in
      nic.mac.map { ($0.lowercased(), Identifiers.macAddress(uuid: uuid, index: index)) }
    }
  }

  /// What will be known of the copy, which is not whole yet.
  func record(_ source: GuestRecord) -> GuestRecord {
    var record = source
    record.stage = .incomplete
    record.contextID = nil
    record.copiedFrom = self.source.name
    return record
  }
}
