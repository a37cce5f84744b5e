/// A network of libvirt's (https://libvirt.org/formatnetwork.html).
public struct NetworkDefinition: Sendable, Equatable {
  /// How the network reaches further than its own guests.
  public struct ForwardMode: OpenEnum {
    /// The word as it stands in the XML.
    public let rawValue: String
    /// Takes the word as it stands in the XML.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// By address translation.
    public static let nat = Self("nat")
    /// By routing.
    public static let route = Self("route")
    /// By routing, with no firewall rules of libvirt's.
    public static let open = Self("open")
    /// Over a bridge that is there already.
    public static let bridge = Self("bridge")
  }

  /// The bridge of the network.
  public struct Bridge: Sendable, Equatable {
    /// Its name; nil lets libvirt choose.
    public var name: String?
    /// Whether it takes part in the spanning tree protocol.
    public var stp: Bool?
    /// How long a port waits before it forwards, in seconds.
    public var delay: Int?
    /// What was read and is not known here.
    public var unknown = UnknownXML()

    /// Makes a bridge.
    public init(name: String? = nil, stp: Bool? = nil, delay: Int? = nil) {
      self.name = name
      self.stp = stp
      self.delay = delay
    }
  }

  /// How the network reaches further.
  public struct Forward: Sendable, Equatable {
    /// The mode; libvirt takes none as `nat`.
    public var mode: ForwardMode?
    /// The one device of the host that it may use.
    public var device: String?
    /// Whether addresses of IPv6 are translated too; nil for libvirt's default, which routes them.
    public var translatesIPv6: Bool?
    /// What was read and is not known here.
    public var unknown = UnknownXML()

    /// Makes one.
    public init(_ mode: ForwardMode?, device: String? = nil) {
      self.mode = mode
      self.device = device
    }
  }

  /// The network's DNS domain.
  public struct DNSDomain: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// Whether questions about it never go further than this network's server.
    public var isLocalOnly: Bool?
    /// What was read and is not known here.
    public var unknown = UnknownXML()

    /// Makes one.
    public init(_ name: String, isLocalOnly: Bool? = nil) {
      self.name = name
      self.isLocalOnly = isLocalOnly
    }
  }

  /// The network's name server.
  public struct DNS: Sendable, Equatable {
    /// An address and the names that it answers to.
    public struct Host: Sendable, Equatable {
      /// The address.
      public var address: String
      /// The names.
      public var names: [String]
      /// What was read and is not known here.
      public var unknown = UnknownXML()

      /// Makes one.
      public init(_ address: String, names: [String]) {
        self.address = address
        self.names = names
      }
    }

    /// Whether there is one; nil for libvirt's default, yes.
    public var isEnabled: Bool?
    /// Whether questions about short names stay on this network; nil for libvirt's default.
    public var forwardsPlainNames: Bool?
    /// Names of its own.
    public var hosts: [Host]
    /// What was read and is not known here.
    public var unknown = UnknownXML()

    /// Makes a server.
    public init(isEnabled: Bool? = nil, forwardsPlainNames: Bool? = nil, hosts: [Host] = []) {
      self.isEnabled = isEnabled
      self.forwardsPlainNames = forwardsPlainNames
      self.hosts = hosts
    }
  }

  /// The name, unique on a connection.
  public var name: String
  /// The UUID; nil lets libvirt make one.
  public var uuid: String?
  /// What applications keep with the network.
  public var metadata: DomainMetadata
  /// How it reaches further; nil for a network of its guests alone.
  public var forward: Forward?
  /// Its bridge; nil lets libvirt choose.
  public var bridge: Bridge?
  /// The largest packet, in bytes.
  public var mtu: Int?
  /// The bridge's own address; nil lets libvirt make one.
  public var mac: String?
  /// Its DNS domain.
  public var domain: DNSDomain?
  /// Its name server.
  public var dns: DNS?
  /// The addresses of the bridge, with what DHCP serves there.
  public var addresses: [NetworkAddress]
  /// Whether guests see nobody but the bridge itself.
  public var isolatesPorts: Bool?
  /// Namespaces declared on the root.
  public var namespaces: [XMLTree.Namespace]
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes a network; what is not given is left to libvirt.
  public init(
    name: String, uuid: String? = nil, forward: Forward? = nil, bridge: Bridge? = nil, mtu: Int? = nil,
    mac: String? = nil, domain: DNSDomain? = nil, dns: DNS? = nil, addresses: [NetworkAddress] = [],
    isolatesPorts: Bool? = nil, metadata: DomainMetadata = DomainMetadata()
  ) {
    self.name = name
    self.uuid = uuid
    self.metadata = metadata
    self.forward = forward
    self.bridge = bridge
    self.mtu = mtu
    self.mac = mac
    self.domain = domain
    self.dns = dns
    self.addresses = addresses
    self.isolatesPorts = isolatesPorts
    namespaces = []
  }
}
