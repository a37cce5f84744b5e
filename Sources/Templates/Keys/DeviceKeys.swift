/// The keys of `vsock`.
enum VirtualSocketKeys {
  static let enabled = Key(
    "enabled", .automatic, default: .auto,
    "Whether the guest has a virtual socket; auto does where /dev/vhost-vsock is there.")
  static let cid = Key(
    "cid", .contextID, default: nil,
    "The guest's context id: a number from 3, which is then never changed, or auto for one that stays with the guest.")

  static let table = KeyTable("vsock", [enabled.description, cid.description]) { map in
    guard map[enabled] == .off, map[cid] != nil else { return [] }
    return [TemplateError("A guest without vsock cannot have a cid", at: map.place(of: cid), hint: "leave one out")]
  }

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.VirtualSocket {
    GuestTemplate.VirtualSocket(enabled: map[enabled], cid: map[cid])
  }
}

/// The keys of `console`.
enum ConsoleKeys {
  static let log = Key("log", .boolean, default: true, "Whether all that the guest writes is kept in a log file.")
  static let table = KeyTable("console", [log.description])

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.Console {
    GuestTemplate.Console(log: map[log])
  }
}

/// The keys of `balloon`.
enum BalloonKeys {
  static let enabled = Key("enabled", .boolean, default: true, "Whether the guest has a memory balloon.")
  static let statsPeriod = Key(
    "statsPeriod", .integer(0...86400), default: 10, "How often the guest tells of its memory, in seconds; 0 is never.")
  static let table = KeyTable("balloon", [enabled.description, statsPeriod.description])

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.Balloon {
    GuestTemplate.Balloon(enabled: map[enabled], statsPeriod: map[statsPeriod])
  }
}

/// The keys of `watchdog`.
enum WatchdogKeys {
  static let model = Key(
    "model", Codec<GuestTemplate.Watchdog.Model>.choice, default: .none,
    "The device that the guest sees; itco needs libvirt 9.1.")
  static let action = Key(
    "action", Codec<GuestTemplate.Watchdog.Action>.choice, default: .reset,
    "What happens when the guest stops answering.")
  static let table = KeyTable("watchdog", [model.description, action.description])

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.Watchdog {
    GuestTemplate.Watchdog(model: map[model], action: map[action])
  }
}

/// The keys of `smbios`.
enum SMBIOSKeys {
  static let oemStrings = Key(
    "oemStrings", Codec.list(.text(.notEmpty)), default: [],
    "The OEM strings (type 11) that the guest finds; systemd reads credentials from there.")
  static let table = KeyTable("smbios", [oemStrings.description])

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.SMBIOS {
    GuestTemplate.SMBIOS(oemStrings: map[oemStrings])
  }
}

/// The keys of `ready`.
enum ReadyKeys {
  static let console = Key(
    "console", Codec.optional(.text(.notEmpty)), default: nil,
    "A part of a line that the guest prints on its console when it is up.")
  static let timeout = Key(
    "timeout", .integer(1...86400), default: 300, "How long to wait for it at most, in seconds.")
  static let table = KeyTable("ready", [console.description, timeout.description])

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.Ready {
    GuestTemplate.Ready(console: map[console], timeout: map[timeout])
  }
}

/// The keys of an entry of `hostDevices`.
enum HostDeviceKeys {
  static let pci = Key(
    "pci", Codec.optional(.text(.pciAddress)), default: nil,
    "The address of a PCI device that the host has bound to vfio-pci.")
  static let vhostScsi = Key(
    "vhostScsi", Codec.optional(.text(.vhostSCSI)), default: nil, "The WWPN of a vhost-scsi target, instead of 'pci'.")

  static let table = KeyTable("a host device", [pci.description, vhostScsi.description]) { map in
    switch (map.has(pci), map.has(vhostScsi)) {
    case (false, false): [TemplateError("A host device needs 'pci' or 'vhostScsi'", at: map.location)]
    case (true, true):
      [
        TemplateError(
          "A host device has one of 'pci' and 'vhostScsi', not both", at: map.place(of: vhostScsi),
          hint: "make two entries")
      ]
    default: []
    }
  }

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.HostDevice {
    let source: GuestTemplate.HostDevice.Source =
      map[vhostScsi].map { .vhostSCSI($0) } ?? .pci(map[pci] ?? "")
    return GuestTemplate.HostDevice(source: source, location: map.location)
  }
}
