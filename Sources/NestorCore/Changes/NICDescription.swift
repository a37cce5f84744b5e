import NestorSupport
import Templates

/// A NIC that is to be added to a guest.
public struct NICDescription: Sendable, Equatable {
  /// The network of libvirt, or the bridge, that it is plugged into.
  public var source: GuestTemplate.NetworkCard.Source
  /// Its MAC address; nil lets Nestor choose one.
  public var mac: String?
  /// The address of IPv4 that the network's DHCP server keeps for it; nil lets Nestor choose one.
  public var address: String?
  /// The largest packet in bytes.
  public var mtu: Int?
  /// The card that the guest sees.
  public var model: GuestTemplate.NetworkCard.Model
  /// The name of a libvirt network filter, such as `clean-traffic`.
  public var filter: String?
  /// Whether it cannot reach other isolated NICs of its bridge.
  public var isIsolated: Bool
  /// Whether its cable is plugged in.
  public var isLinkUp: Bool

  /// Makes a description; what is not given has a template's default.
  public init(
    _ source: GuestTemplate.NetworkCard.Source, mac: String? = nil, address: String? = nil, mtu: Int? = nil,
    model: GuestTemplate.NetworkCard.Model = .virtio, filter: String? = nil, isIsolated: Bool = false,
    isLinkUp: Bool = true
  ) {
    self.source = source
    self.mac = mac
    self.address = address
    self.mtu = mtu
    self.model = model
    self.filter = filter
    self.isIsolated = isIsolated
    self.isLinkUp = isLinkUp
  }

  /// Refuses what makes no sense.
  func check() throws {
    func refuse(_ cause: String, hint: String? = nil) -> NestorError {
      NestorError(.invalidArgument, "there is no such NIC", cause: cause, hint: hint)
    }
    if let mac, !NICSelector.isMACAddress(mac) {
      throw refuse("'\(mac)' is no MAC address of one card", hint: "such as 52:54:00:12:34:56")
    }
    if let mtu, !(68...65535).contains(mtu) {
      throw refuse("no packet can have \(mtu) bytes at most", hint: "68 to 65535")
    }
    if mtu != nil, model != .virtio { throw refuse("only a virtio card is told of its MTU") }
    guard let address else { return }
    guard IPAddress(address)?.isIPv6 == false else { throw refuse("'\(address)' is no address of IPv4") }
    guard case .network = source else { throw refuse("only libvirt's networks keep addresses, and this is a bridge") }
  }

  /// The same as an entry of a template's `networks`.
  var card: GuestTemplate.NetworkCard {
    var card = GuestTemplate.NetworkCard(source, at: SourceLocation(file: ""))
    card.mac = mac?.lowercased()
    card.mtu = mtu
    card.model = model
    card.filter = filter
    card.portIsolation = isIsolated
    card.link = isLinkUp ? .up : .down
    card.address = address
    return card
  }
}

/// A NIC of a guest as a list shows it.
public struct NICSummary: Sendable, Equatable, Codable {
  /// Its place in the list, from 0.
  public var index: Int
  /// Its MAC address.
  public var mac: String
  /// What it is attached to, such as `network default`.
  public var source: String
  /// The card that the guest sees.
  public var model: String
  /// Whether its cable is plugged in.
  public var isLinkUp: Bool
  /// Its addresses, as the DHCP servers of libvirt's networks know them.
  public var addresses: [String]
  /// Its device on the container's side; nil while the guest does not run.
  public var device: String?
}
