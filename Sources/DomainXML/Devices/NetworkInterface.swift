/// A network card (https://libvirt.org/formatdomain.html#network-interfaces).
public struct NetworkInterface: Sendable, Equatable {
  /// What the card is connected to.
  public enum Source: Sendable, Equatable {
    /// A libvirt network by name.
    case network(String)
    /// A bridge of the host by name; `direct` in a container is best replaced by this.
    case bridge(String)
    /// QEMU's own network in user space.
    case user
    /// A tap device alone; its name is ``NetworkInterface/targetDevice``.
    case ethernet
    /// A switch in user space, over a socket; QEMU listens when `isServer`.
    case vhostUser(path: String, isServer: Bool)
    /// A macvtap on a device of the host, with its mode (`bridge`, `vepa`, `private`, `passthrough`).
    case direct(device: String, mode: String?)
    /// Another type; its `<source>` stays in the interface's unknown XML.
    case other(type: String)
  }

  /// The card that the guest sees.
  public struct Model: OpenEnum {
    /// The word as it stands in the XML.
    public let rawValue: String
    /// Takes the word as it stands in the XML.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// virtio-net.
    public static let virtio = Self("virtio")
    /// Intel's e1000e.
    public static let e1000e = Self("e1000e")
  }

  /// What moves the packets of a virtio card.
  public struct Driver: OpenEnum {
    /// The word as it stands in the XML.
    public let rawValue: String
    /// Takes the word as it stands in the XML.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The kernel; the guest does not start where /dev/vhost-net cannot be opened.
    public static let vhost = Self("vhost")
    /// QEMU.
    public static let qemu = Self("qemu")
  }

  /// A limit in one direction.
  public struct Limit: Sendable, Equatable {
    /// The lasting rate, in KiB a second.
    public var average: Int?
    /// The highest rate, in KiB a second.
    public var peak: Int?
    /// How much may pass at the highest rate, in KiB.
    public var burst: Int?
    /// A rate that is guaranteed, in KiB a second; inbound and on libvirt networks only.
    public var floor: Int?
    /// What was read and is not known here.
    public var unknown = UnknownXML()

    /// Makes a limit.
    public init(average: Int? = nil, peak: Int? = nil, burst: Int? = nil, floor: Int? = nil) {
      self.average = average
      self.peak = peak
      self.burst = burst
      self.floor = floor
    }
  }

  /// Limits in both directions, as the guest sees them (https://libvirt.org/formatnetwork.html#quality-of-service).
  public struct Bandwidth: Sendable, Equatable {
    /// To the guest.
    public var inbound: Limit?
    /// From the guest.
    public var outbound: Limit?

    /// Makes limits.
    public init(inbound: Limit? = nil, outbound: Limit? = nil) {
      self.inbound = inbound
      self.outbound = outbound
    }
  }

  /// A packet filter of libvirt's and its parameters (https://libvirt.org/formatnwfilter.html).
  public struct FilterReference: Sendable, Equatable {
    /// A parameter.
    public struct Parameter: Sendable, Equatable {
      /// Its name.
      public var name: String
      /// Its value.
      public var value: String

      /// Makes one.
      public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
      }
    }

    /// The filter's name.
    public var filter: String
    /// Parameters in order.
    public var parameters: [Parameter]
    /// What was read and is not known here.
    public var unknown = UnknownXML()

    /// Makes one.
    public init(_ filter: String, parameters: [Parameter] = []) {
      self.filter = filter
      self.parameters = parameters
    }
  }

  /// What the card is connected to.
  ///
  /// What was read of the old source and not known is forgotten when the type changes.
  public var source: Source {
    didSet { if source.type != oldValue.type { unknown.forget("source") } }
  }
  /// The address, like `52:54:00:12:34:56`; nil lets libvirt make one.
  public var mac: String?
  /// The card that the guest sees; nil leaves it to libvirt.
  public var model: Model?
  /// What moves the packets; nil lets libvirt choose.
  public var driver: Driver?
  /// How many queues the card has.
  public var queues: Int?
  /// The name of the device on the host; libvirt makes one for names that begin with `vnet` or where there is none.
  public var targetDevice: String?
  /// Whether the cable is plugged in; nil leaves it so.
  public var isLinkUp: Bool?
  /// The largest packet, in bytes.
  public var mtu: Int?
  /// Limits.
  public var bandwidth: Bandwidth?
  /// A packet filter.
  public var filter: FilterReference?
  /// Whether the card sees only ports of the bridge that are not isolated.
  public var isIsolated: Bool?
  /// The place in the boot order, from 1.
  public var bootOrder: Int?
  /// libvirt's name of the device; one that begins with `ua-` stays.
  public var alias: String?
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes a card.
  public init(
    source: Source, mac: String? = nil, model: Model? = .virtio, driver: Driver? = nil, queues: Int? = nil,
    targetDevice: String? = nil, isLinkUp: Bool? = nil, mtu: Int? = nil, bandwidth: Bandwidth? = nil,
    filter: FilterReference? = nil, isIsolated: Bool? = nil, bootOrder: Int? = nil, alias: String? = nil
  ) {
    self.source = source
    self.mac = mac
    self.model = model
    self.driver = driver
    self.queues = queues
    self.targetDevice = targetDevice
    self.isLinkUp = isLinkUp
    self.mtu = mtu
    self.bandwidth = bandwidth
    self.filter = filter
    self.isIsolated = isIsolated
    self.bootOrder = bootOrder
    self.alias = alias
  }
}
