/// The keys of an entry of `networks`.
enum NetworkKeys {
  static let network = Key(
    "network", Codec.optional(.text(.name("a network's name"))), default: nil, "The libvirt network of the card.")
  static let bridge = Key(
    "bridge", Codec.optional(.text(.interfaceName)), default: nil, "A bridge of the container, instead of 'network'.")
  static let vhostUser = Key(
    "vhostUser", Codec.optional(.path), default: nil,
    "The socket of a vhost-user switch, instead of 'network'; needs shared memory.")
  static let mac = Key(
    "mac", Codec.optional(.text(.macAddress)), default: nil, "The MAC address; without it Nestor chooses one.")
  static let model = Key(
    "model", Codec<GuestTemplate.NetworkCard.Model>.choice, default: .virtio, "The card that the guest sees.")
  static let vhost = Key(
    "vhost", .automatic, default: .auto,
    "Whether the kernel moves the packets (vhost-net); auto does where /dev/vhost-net is there.")
  static let queues = Key(
    "queues", .queues, default: nil,
    "The number of queue pairs; auto is one for each CPU where the kernel moves a virtio card's packets, else one.")
  static let mtu = Key(
    "mtu", Codec.optional(.integer(68...65535)), default: nil, "The largest packet in bytes; only virtio is told.")
  static let link = Key(
    "link", Codec<GuestTemplate.NetworkCard.Link>.choice, default: .up, "Whether the cable is plugged in.")
  static let address = Key(
    "address", Codec.optional(.text(.ipv4Address)), default: nil,
    "The IPv4 address that the network's DHCP server keeps for the guest; needs 'network'.")
  static let portIsolation = Key(
    "portIsolation", .boolean, default: false,
    "Whether the card cannot reach other isolated cards of its bridge.")
  static let filter = Key(
    "filter", Codec.optional(.text(.name("a filter's name"))), default: nil, "The name of a libvirt network filter.")
  static let bandwidth = Key(
    "bandwidth", Codec.optional(.record(BandwidthKeys.table, BandwidthKeys.build)), default: nil,
    "Limits of what the guest gets and sends.")
  static let bootOrder = Key(
    "bootOrder", Codec.optional(.integer(1...1000)), default: nil, "The place among the boot devices, from 1.")

  static let table = KeyTable(
    "a network card",
    [
      network.description, bridge.description, vhostUser.description, mac.description, model.description,
      vhost.description, queues.description, mtu.description, link.description, address.description,
      portIsolation.description, filter.description, bandwidth.description, bootOrder.description,
    ],
    refused: ["direct": macvtapRefusal("direct"), "macvtap": macvtapRefusal("macvtap")], check: check)

  private static func macvtapRefusal(_ key: String) -> (message: String, hint: String) {
    (
      "'\(key)' cards (macvtap) do not work in an unprivileged container",
      "use 'bridge' with a bridge of the container, or 'network'"
    )
  }

  @Sendable private static func check(_ map: CheckedMap) -> [TemplateError] {
    var problems: [TemplateError] = []
    let sources = [network.name, bridge.name, vhostUser.name].filter { map.values[$0] != nil }
    if sources.isEmpty {
      problems.append(
        TemplateError(
          "A network card needs 'network', 'bridge' or 'vhostUser'", at: map.location, hint: "usual is network: default"
        ))
    }
    for name in sources.dropFirst() {
      problems.append(
        TemplateError(
          "A network card has one of 'network', 'bridge' and 'vhostUser', not both '\(sources[0])' and '\(name)'",
          at: map.keyLocations[name] ?? map.location, hint: "leave one of them out, or make two cards"))
    }
    func refuse(_ key: String, at place: SourceLocation, _ reason: String, hint: String) {
      problems.append(TemplateError("'\(key)' \(reason)", at: place, hint: hint))
    }
    if map.has(address), !map.has(network) {
      refuse(
        "address", at: map.place(of: address), "needs 'network', whose DHCP server keeps the address",
        hint: "leave it out; on a bridge the guest or another server decides")
    }
    if map.has(vhostUser) {
      let keys: [(String, Bool, SourceLocation)] = [
        (filter.name, map.has(filter), map.place(of: filter)),
        (portIsolation.name, map[portIsolation], map.place(of: portIsolation)),
        (vhost.name, map[vhost] != .auto, map.place(of: vhost)),
        (bandwidth.name, map.has(bandwidth), map.place(of: bandwidth)),
      ]
      for (key, isThere, place) in keys where isThere {
        refuse(key, at: place, "has no meaning for a vhost-user card", hint: "its switch decides; leave it out")
      }
    }
    if map[model] != .virtio {
      let keys: [(String, Bool, SourceLocation)] = [
        (queues.name, (map[queues] ?? 1) > 1, map.place(of: queues)), (mtu.name, map.has(mtu), map.place(of: mtu)),
        (vhost.name, map[vhost] == .on, map.place(of: vhost)),
        (vhostUser.name, map.has(vhostUser), map.place(of: vhostUser)),
      ]
      for (key, isThere, place) in keys where isThere {
        refuse(key, at: place, "needs a virtio card", hint: "write 'model: virtio'")
      }
    }
    return problems
  }

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.NetworkCard {
    let source: GuestTemplate.NetworkCard.Source
    if let path = map[vhostUser] {
      source = .vhostUser(path)
    } else if let name = map[bridge] {
      source = .bridge(name)
    } else {
      source = .network(map[network] ?? "default")
    }
    return GuestTemplate.NetworkCard(source, map)
  }
}
