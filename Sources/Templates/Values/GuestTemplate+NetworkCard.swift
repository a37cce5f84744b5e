extension GuestTemplate {
  /// A network card, <https://libvirt.org/formatdomain.html#network-interfaces>.
  public struct NetworkCard: Sendable, Equatable {
    /// What a card is plugged into.
    public enum Source: Sendable, Equatable {
      /// A libvirt network, by its name.
      case network(String)
      /// A bridge of the container, by its interface's name.
      case bridge(String)
      /// A vhost-user socket, by its absolute path.
      case vhostUser(String)

      /// Whether it is a vhost-user socket.
      public var isVhostUser: Bool {
        if case .vhostUser = self { true } else { false }
      }
    }

    /// The card that the guest sees.
    public enum Model: String, Sendable, CaseIterable {
      /// virtio-net.
      case virtio
      /// Intel 82574L, for guests without virtio.
      case e1000e
    }

    /// The state of a card's cable.
    public enum Link: String, Sendable, CaseIterable {
      /// Plugged in.
      case up
      /// Pulled out.
      case down
    }

    /// What the card is plugged into.
    public var source: Source
    /// The MAC address; `nil` lets Nestor choose one.
    public var mac: String?
    /// The card that the guest sees.
    public var model: Model
    /// Whether the kernel moves the packets (vhost-net).
    public var vhost: AutomaticSwitch
    /// The number of queue pairs, 1 to 256; `nil` is one for each CPU where that helps.
    public var queues: Int?
    /// The largest packet in bytes, 68 to 65535; `nil` leaves the default.
    public var mtu: Int?
    /// The state of the cable.
    public var link: Link
    /// The address that the network's DHCP server reserves for the guest, of IPv4.
    public var address: String?
    /// Whether the card cannot talk to other isolated cards of its bridge.
    public var portIsolation: Bool
    /// The name of a libvirt network filter.
    public var filter: String?
    /// Limits of what the guest gets and sends.
    public var bandwidth: Bandwidth?
    /// The place among the boot devices, from 1; `nil` is none.
    public var bootOrder: Int?
    /// Where the card is described.
    public var location: SourceLocation

    /// A card of which all but the plug has its default.
    public init(_ source: Source, at location: SourceLocation) {
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
