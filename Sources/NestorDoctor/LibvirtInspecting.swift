import Libvirt

/// What the doctor asks of libvirt, and the little that it changes there.
protocol LibvirtInspecting: Sendable {
  /// The driver's name, such as `QEMU`.
  func driverName() async throws -> String
  /// The URI of the connection.
  func uri() async throws -> String
  /// The daemon's version.
  func libvirtVersion() async throws -> Version
  /// QEMU's version.
  func hypervisorVersion() async throws -> Version
  /// The host's capabilities, as XML.
  func capabilities() async throws -> String
  /// What an emulated x86-64 guest with a q35 machine can have, as XML.
  func guestCapabilities() async throws -> String
  /// The state of a network; nil where there is none of that name.
  func network(named name: String) async throws -> NetworkState?
  func startNetwork(named name: String) async throws
  /// Has a network start with the daemon.
  func autostartNetwork(named name: String) async throws
  /// Defines a network.
  func defineNetwork(xml: String) async throws
  /// How many guests run.
  func runningGuests() async throws -> Int
}

/// A network as the doctor sees it.
struct NetworkState: Sendable, Equatable {
  /// It runs.
  var isActive: Bool
  /// It starts with the daemon.
  var startsByItself: Bool
  /// Its bridge; nil without one.
  var bridge: String?
  /// libvirt's own dnsmasq is to hand out addresses on it.
  var hasDHCP: Bool
}
