extension GuestKeys {
  /// Checks that need several keys of the top level.
  @Sendable static func check(_ map: CheckedMap) -> [TemplateError] {
    var problems: [TemplateError] = []
    if map.has(image), map[boot].kernel != nil {
      problems.append(
        TemplateError(
          "'image' and 'boot.kernel' exclude each other", at: map.place(of: image),
          hint: "write 'image: null' to drop an inherited image"))
    }
    if !map.has(image), map[boot].kernel == nil, !map[boot].cmdline.isEmpty {
      problems.append(
        TemplateError("A command line needs 'boot.kernel' or 'image'", at: map.place(of: boot), hint: "add 'kernel'"))
    }
    if map[secureBoot], map[firmware] != .uefi {
      problems.append(
        TemplateError("Secure Boot needs UEFI", at: map.place(of: secureBoot), hint: "write 'firmware: uefi'"))
    }
    if let topology = map[cpu].topology {
      let product = topology.sockets * topology.cores * topology.threads
      if product != map[cpus] {
        problems.append(
          TemplateError(
            "The topology has \(product) CPUs, but 'cpus' is \(map[cpus])", at: map.place(of: cpu),
            hint: "sockets times cores times threads is 'cpus'"))
      }
    }
    if map[cpu].model == .hostPassthrough, map[accelerator] == .tcg {
      problems.append(
        TemplateError(
          "host-passthrough needs KVM, but 'accelerator' is tcg", at: map.place(of: cpu), hint: "write 'model: maximum'"
        ))
    }
    for card in map[networks] {
      if case .vhostUser = card.source, !map[memoryBacking].shared {
        problems.append(
          TemplateError(
            "A vhost-user card needs shared memory", at: card.location,
            hint: "add 'memoryBacking: {source: memfd, shared: true}'"))
      }
    }
    if map[agent].transport == .vsock, map[vsock].enabled == .off {
      problems.append(
        TemplateError(
          "The agent cannot be reached by vsock, since the guest has none", at: map.place(of: agent),
          hint: "write 'transport: serial', or leave 'vsock: {enabled: false}' out"))
    }
    problems += repeated(map)
    return problems
  }

  /// Values that may stand only once among all devices.
  private static func repeated(_ map: CheckedMap) -> [TemplateError] {
    var problems: [TemplateError] = []
    var seen: [String: SourceLocation] = [:]
    func once(_ what: String, _ value: String?, _ place: SourceLocation) {
      guard let value else { return }
      if let first = seen["\(what) \(value)"] {
        problems.append(
          TemplateError("The \(what) \(value.quoted) stands twice", at: place, hint: "it stands first at \(first)"))
      } else {
        seen["\(what) \(value)"] = place
      }
    }
    for disk in map[disks] {
      once("boot order", disk.bootOrder.map(String.init), disk.location)
      once("serial number", disk.serial, disk.location)
      if case .path(let path) = disk.source, !disk.readOnly { once("disk file", path, disk.location) }
    }
    for card in map[networks] {
      once("boot order", card.bootOrder.map(String.init), card.location)
      once("MAC address", card.mac, card.location)
    }
    for device in map[hostDevices] {
      switch device.source {
      case .pci(let address): once("host device", address.lowercased(), device.location)
      case .vhostSCSI(let name): once("host device", name.lowercased(), device.location)
      }
    }
    for channel in map[channels] {
      once("channel", channel, map.valueLocations[channels.name] ?? map.location)
    }
    return problems
  }
}
