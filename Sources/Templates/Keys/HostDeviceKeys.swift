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
