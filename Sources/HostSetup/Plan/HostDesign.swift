import NestorSupport

/// Decides what the daemon's objects ought to be, from what the user chose, what the host has and what is there.
package struct HostDesign: Sendable {
  /// What the user chose, with what was chosen before.
  package let choices: HostChoices
  package let facts: HostFacts
  /// The daemon's objects as they are.
  package let inventory: Inventory

  /// A design for the objects that are there; throws where a choice makes no sense.
  package init(choices: HostChoices, facts: HostFacts, inventory: Inventory) throws {
    let recorded = inventory.profile(choices.profile)?["config"]?[Label.choices]?.string
    self.choices = choices.completed(by: recorded)
    self.facts = facts
    self.inventory = inventory
    try self.choices.check()
  }

  /// The objects that all containers share, in the order in which they are made.
  package func objects() throws -> [DesiredObject] {
    try [pool, network].compactMap { try $0() } + [profile()]
  }

  /// What is left out because the host lacks it, as sentences.
  package var omissions: [String] {
    wantedDevices.filter { !isOffered($0) }.map { device in
      "\(device.path) is left out, since this host has neither it nor a module \(device.module): \(device.reason)"
    }
  }

  // MARK: Pool

  /// The pool's name: the chosen one, the one of the default profile, any that is there, or a new one.
  package var poolName: String {
    choices.pool ?? inventory.profile("default")?["devices"]?["root"]?["pool"]?.string
      ?? inventory.pools.keys.sorted().first ?? "nestor"
  }

  private func pool() throws -> DesiredObject? {
    let reference = ObjectReference(.pool, poolName)
    if let existing = inventory.pools[poolName], !Label.isMade(existing) { return nil }
    let driver = choices.poolDriver ?? inventory.pools[poolName]?["driver"]?.string ?? "dir"
    return DesiredObject(
      reference, reason: "containers and images lie in it",
      body: ["config": [Label.made: poolName]].asJSON, creation: ["driver": .string(driver)])
  }

  // MARK: Network

  /// The network's name: the chosen one, the one of the default profile, any bridge of the daemon's, or a new one.
  package var networkName: String {
    let usual = inventory.profile("default")?["devices"]?.fields.sorted { $0.key < $1.key }
      .compactMap { $0.value["network"]?.string }.first
    let bridges = inventory.networks.filter { $0.value["managed"]?.bool == true && $0.value["type"] == "bridge" }
    return choices.network ?? usual ?? bridges.keys.sorted().first ?? "nestorbr0"
  }

  private func network() throws -> DesiredObject? {
    let existing = inventory.networks[networkName]
    if let existing, !Label.isMade(existing) {
      guard existing["managed"]?.bool == true else {
        throw NestorError(
          .exists, "\(networkName) is an interface of the host, not a network of \(inventory.kind.title)",
          hint: "name another with --network; one that is not there is made")
      }
      return nil
    }
    let current = existing?["config"]?["ipv4.address"]?.string
    guard let subnet = choices.subnet ?? current ?? facts.freeSubnet() else {
      throw NestorError(
        .unavailable, "no free IPv4 subnet was found for a bridge", hint: "name one: --subnet 10.90.0.1/24")
    }
    return DesiredObject(
      ObjectReference(.network, networkName), reason: "containers reach the world, and each other, by it",
      body: ["config": [Label.made: networkName, "ipv4.address": subnet, "ipv4.nat": "true", "ipv6.address": "none"]]
        .asJSON,
      creation: ["type": "bridge"])
  }

  // MARK: Profile

  /// How long the daemon waits for a container at the host's shutdown: libvirt-guests saves the guests inside
  /// meanwhile, one after the other. systemd gives LXD's and Incus's own service ten minutes, of which some is left here.
  static let shutdownTimeout = Duration.seconds(540)

  private func profile() throws -> DesiredObject {
    var config = [
      Label.made: choices.profile,
      // libvirt needs /proc and /sys of its own for its networks and guests' cgroups.
      "security.nesting": "true", "boot.host_shutdown_timeout": "\(Self.shutdownTimeout.components.seconds)",
    ]
    // The daemon drops settings without a value.
    if !choices.recorded.isEmpty { config[Label.choices] = choices.recorded }
    let modules = moduleNames
    if !modules.isEmpty { config["linux.kernel_modules"] = modules.joined(separator: ",") }
    config["limits.cpu"] = choices.cpus
    config["limits.memory"] = choices.memory
    config["limits.processes"] = choices.processes
    // A device that is passed through reaches all of its guest's memory, which has to stay where it is.
    if choices.extras.contains(where: { $0 == "hugepages" || $0.hasPrefix("vfio") }) {
      config["limits.kernel.memlock"] = "unlimited"
    }
    var devices: [String: JSONValue] = [
      "root": JSONValue(["type": "disk", "path": "/", "pool": poolName]),
      "eth0": JSONValue(["type": "nic", "name": "eth0", "network": networkName]),
    ]
    for device in wantedDevices where isOffered(device) { devices[device.name] = device.object }
    let body: JSONValue = [
      "config": JSONValue(config), "devices": .object(devices),
      "description": "Containers that run guests; kept by nestor-host, which sees changes made by hand",
    ]
    var signed = config
    signed[Label.digest] = try Label.digest(of: body)
    return DesiredObject(
      ObjectReference(.profile, choices.profile), reason: "it hands containers the devices that guests need",
      body: .object(body.fields.merging(["config": JSONValue(signed)]) { $1 }), isExact: true)
  }

  private var wantedDevices: [PassthroughDevice] {
    let extras = choices.extras.sorted().flatMap(PassthroughDevice.devices)
    return PassthroughDevice.standard + extras.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// A device is offered where it is there, where a module would bring it, and where it was offered before.
  private func isOffered(_ device: PassthroughDevice) -> Bool {
    facts.has(device) || facts.canLoad(device.module)
      || inventory.profile(choices.profile)?["devices"]?[device.name] != nil
  }

  /// The modules that the daemon has to load: those whose feature is not there, and those that it was told of before,
  /// whose feature is there because of that. It calls modprobe for each name, also for what the kernel has built in, and
  /// the container does not start where that fails.
  private var moduleNames: [String] {
    let before = inventory.profile(choices.profile)?["config"]?["linux.kernel_modules"]?.string ?? ""
    let named = Set(before.split(separator: ",").map(String.init))
    var wanted = wantedDevices.map(\.module)
    // libvirt's own networks in the container are bridges.
    wanted.append("bridge")
    if let module = facts.processorModule { wanted.insert(module, at: 0) }
    var names: [String] = []
    for module in wanted where !names.contains(module) {
      if facts.canLoad(module) || (named.contains(module) && facts.canName(module)) { names.append(module) }
    }
    return names
  }
}

extension [String: [String: String]] {
  /// The same as a value of the API.
  fileprivate var asJSON: JSONValue { .object(mapValues { JSONValue($0) }) }
}
