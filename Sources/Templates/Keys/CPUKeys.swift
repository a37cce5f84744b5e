/// The keys of `cpu`.
enum CPUKeys {
  static let model = Key(
    "model", .cpuModel, default: .auto,
    "What the guest sees: auto (host-passthrough under KVM, maximum under TCG), host-passthrough, host-model, maximum, "
      + "or a model that QEMU knows by name.")
  static let nested = Key(
    "nested", .boolean, default: false, "Whether the guest may run guests of its own.")
  static let topology = Key(
    "topology", Codec.optional(.record(TopologyKeys.table, TopologyKeys.build)), default: nil,
    "How the virtual CPUs are grouped; the product of its three numbers is 'cpus'.")

  static let table = KeyTable("cpu", [model.description, nested.description, topology.description])

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.CPU {
    GuestTemplate.CPU(model: map[model], nested: map[nested], topology: map[topology])
  }
}
