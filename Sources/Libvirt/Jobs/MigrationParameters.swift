import CLibvirt

/// What a migration is told beyond its flags, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainMigrateToURI3. What is nil is left to libvirt.
public struct MigrationParameters: Sendable, Equatable {
  /// Where the hypervisors reach each other, such as `tcp://host:49152`.
  public var hypervisorURI: String?
  /// The domain's name on the other host.
  public var destinationName: String?
  /// The definition of the domain that runs on the other host, within the bounds of what the guest cannot see.
  public var destinationXML: String?
  /// The definition that the other host keeps, within the same bounds.
  public var persistentXML: String?
  /// How much memory may be sent, in MiB/s.
  public var bandwidth: UInt64?
  /// The address where the other host's hypervisor waits.
  public var listenAddress: String?
  /// The targets of the disks that are copied; empty means all that are not shared and not read-only.
  public var disks: [String] = []
  /// More by libvirt's names, such as `parallel.connections`.
  public var others: [String: TypedValue] = [:]

  /// Leaves everything to libvirt.
  public init() {}

  var values: [(String, TypedValue)] {
    var values = others.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    func add(_ name: String, _ text: String?) {
      if let text { values.append((name, .string(text))) }
    }
    add(VIR_MIGRATE_PARAM_URI, hypervisorURI)
    add(VIR_MIGRATE_PARAM_DEST_NAME, destinationName)
    add(VIR_MIGRATE_PARAM_DEST_XML, destinationXML)
    add(VIR_MIGRATE_PARAM_PERSIST_XML, persistentXML)
    add(VIR_MIGRATE_PARAM_LISTEN_ADDRESS, listenAddress)
    if let bandwidth { values.append((VIR_MIGRATE_PARAM_BANDWIDTH, .unsignedLong(bandwidth))) }
    return values
  }
}
