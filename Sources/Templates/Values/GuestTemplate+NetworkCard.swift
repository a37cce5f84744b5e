extension GuestTemplate {
  /// A network card, <https://libvirt.org/formatdomain.html#network-interfaces>.
  package struct NetworkCard: Sendable, Equatable {
    /// What a card is plugged into.
    package enum Source: Sendable, Equatable {
      /// A libvirt network, by its name.
      case network(String)
      /// A bridge of the container, by its interface's name.
      case bridge(String)
      /// A vhost-user socket, by its absolute path.
      case vhostUser(String)

      /// Whether it is a vhost-user socket.
      package var isVhostUser: Bool {
        if case .vhostUser = self { true } else { false }
      }
    }

    /// The card that the guest sees.
    package enum Model: String, Sendable, CaseIterable {
      /// virtio-net.
      case virtio
      /// Intel 82574L, for guests without virtio.
      case e1000e
    }

    /// The state of a card's cable.
    package enum Link: String, Sendable, CaseIterable {
      /// Plugged in.
      case up
      /// Pulled out.
      case down
    }

    /// What the card is plugged into.
    package var source: Source
    /// The MAC address; `nil` lets Nestor choose one.
    package var mac: String?
    /// The card that the guest sees.
    package var model: Model
    /// Whether the kernel moves the packets (vhost-net).
    package var vhost: AutomaticSwitch
    /// The number of queue pairs, 1 to 256; `nil` is one for each CPU where that helps.
    package var queues: Int?
    /// The largest packet in bytes, 68 to 65535; `nil` leaves the default.
    package var mtu: Int?
    /// The state of the cable.
    package var link: Link
    /// The address that the network's DHCP server reserves for the guest, of IPv4.
    package var address: String?
    /// Whether the card cannot talk to other isolated cards of its bridge.
    package var portIsolation: Bool
    /// The name of a libvirt network filter.
    package var filter: String?
    /// Limits of what the guest gets and sends.
    package var bandwidth: Bandwidth?
    /// The place among the boot devices, from 1; `nil` is none.
    package var bootOrder: Int?
    /// Where the card is described.
    package var location: SourceLocation

    /// A card of which all but the plug has its default.
    package init(_ source: Source, at location: SourceLocation) {
      self = NetworkKeys.build(CheckedMap(location: location))
      self.source = source
    }

    init(_ source: Source, _ map: CheckedMap) {
      self.source = source
      mac = map[NetworkKeys.mac]?.lowercased()
      model = map[NetworkKeys.model]
      vhost = map[NetworkKeys.vhost]
      queues = map[NetworkKeys.queues]
      mtu = map[NetworkKeys.mtu]
      link = map[NetworkKeys.link]
      address = map[NetworkKeys.address]
      portIsolation = map[NetworkKeys.portIsolation]
      filter = map[NetworkKeys.filter]
      bandwidth = map[NetworkKeys.bandwidth]
      bootOrder = map[NetworkKeys.bootOrder]
      location = map.location
    }
  }
}
