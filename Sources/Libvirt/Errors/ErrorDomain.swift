import CLibvirt

/// The part of libvirt that reported an error, see
/// https://libvirt.org/html/libvirt-virterror.html#virErrorDomain. Values without a name here keep their number.
public struct ErrorDomain: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// libvirt's number, of `virErrorDomain`.
  public let rawValue: Int32

  /// A domain by its number; every number is one.
  public init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  private init(_ domain: virErrorDomain) {
    self.init(rawValue: Int32(bitPattern: domain.rawValue))
  }

  /// No part in particular.
  public static let none = ErrorDomain(VIR_FROM_NONE)
  /// Domains' configuration.
  public static let domain = ErrorDomain(VIR_FROM_DOM)
  /// The remote procedure calls.
  public static let rpc = ErrorDomain(VIR_FROM_RPC)
  /// The QEMU driver.
  public static let qemu = ErrorDomain(VIR_FROM_QEMU)
  /// The test driver.
  public static let test = ErrorDomain(VIR_FROM_TEST)
  /// Networks.
  public static let network = ErrorDomain(VIR_FROM_NETWORK)
  /// Storage.
  public static let storage = ErrorDomain(VIR_FROM_STORAGE)
  /// Domain snapshots.
  public static let domainSnapshot = ErrorDomain(VIR_FROM_DOMAIN_SNAPSHOT)
  /// Events.
  public static let event = ErrorDomain(VIR_FROM_EVENT)
  /// Streams.
  public static let streams = ErrorDomain(VIR_FROM_STREAMS)
  /// Secrets.
  public static let secret = ErrorDomain(VIR_FROM_SECRET)
  /// The host's devices.
  public static let nodeDevice = ErrorDomain(VIR_FROM_NODEDEV)
  /// Network filters.
  public static let nwfilter = ErrorDomain(VIR_FROM_NWFILTER)
  /// Control groups.
  public static let cgroup = ErrorDomain(VIR_FROM_CGROUP)
  /// CPUs.
  public static let cpu = ErrorDomain(VIR_FROM_CPU)
  /// XML.
  public static let xml = ErrorDomain(VIR_FROM_XML)

  /// The number.
  public var description: String { "\(rawValue)" }
}
