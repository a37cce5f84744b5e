extension DomainDefinition {
  /// What libvirt will refuse for certain, beyond what its schema says; none for a sound definition.
  public func problems() -> [DefinitionProblem] { problemsOfSettings() + problemsOfDevices() }

  private func problemsOfSettings() -> [DefinitionProblem] {
    var problems: [DefinitionProblem] = []
    func note(_ path: String, _ message: String, _ remedy: String) {
      problems.append(DefinitionProblem(path: "domain/" + path, message: message, remedy: remedy))
    }
    if name.isEmpty { note("name", "the name is empty", "give the guest a name") }
    if name.utf8.contains(UInt8(ascii: "/")) {
      note("name", "the name holds a slash, and files are named after it", "use a name without slashes")
    }
    if name.utf8.contains(UInt8(ascii: "\n")) {
      note("name", "the name holds a line break", "use a name of one line")
    }
    if let title, title.utf8.contains(UInt8(ascii: "\n")) {
      note("title", "the title holds a line break", "move all but the first line to the description")
    }
    if memory.bytes == 0 { note("memory", "the guest has no memory", "give it some, 128 MiB for example") }
    if let currentMemory, currentMemory > memory {
      note("currentMemory", "the guest starts with more memory than it may have at most", "raise memory or lower this")
    }
    if vcpus < 1 { note("vcpu", "the guest has no processor", "give it at least one") }
    if let currentVCPUs, currentVCPUs < 1 || currentVCPUs > vcpus {
      note("vcpu/@current", "the guest cannot start with \(currentVCPUs) of \(vcpus) processors", "lower the number")
    }
    if let topology = cpu?.topology {
      let factors = [topology.sockets, topology.dies ?? 1, topology.cores, topology.threads]
      let product = factors.reduce(1) { product, factor in
        let (result, overflow) = product.multipliedReportingOverflow(by: factor)
        return overflow ? .max : result
      }
      if factors.contains(where: { $0 < 1 }) || product != vcpus {
        note("cpu/topology", "the topology makes \(product) processors, the guest has \(vcpus)", "make both agree")
      }
    }
    return problems
  }

  private func problemsOfDevices() -> [DefinitionProblem] {
    var problems: [DefinitionProblem] = []
    func note(_ path: String, _ message: String, _ remedy: String) {
      problems.append(DefinitionProblem(path: "domain/" + path, message: message, remedy: remedy))
    }
    for target in repeated(devices.disks.map(\.target)) {
      note("devices/disk/target/@dev", "two disks have the target \(target)", "give each its own")
    }
    for mac in repeated(devices.interfaces.compactMap { $0.mac?.lowercased() }) {
      note("devices/interface/mac/@address", "two network cards have the address \(mac)", "give each its own")
    }
    for disk in devices.disks {
      if let thread = disk.ioThread, thread < 1 || thread > (ioThreads ?? 0) {
        note(
          "devices/disk/driver/@iothread",
          "disk \(disk.target) wants I/O thread \(thread), the guest has \(ioThreads ?? 0)",
          "raise the number of I/O threads")
      }
    }
    if let cid = devices.vsock?.cid, !Vsock.validIDs.contains(cid) {
      note("devices/vsock/cid/@address", "\(cid) is no guest's CID", "choose one \(Vsock.validIDText)")
    }
    let ordered = devices.disks.compactMap(\.bootOrder) + devices.interfaces.compactMap(\.bootOrder)
    if !ordered.isEmpty, !os.bootDevices.isEmpty {
      note("os/boot", "devices have a boot order and the guest has one, too", "use one of the two ways")
    }
    for order in repeated(ordered) {
      note("devices", "two devices have place \(order) in the boot order", "give each its own")
    }
    if devices.interfaces.contains(where: { if case .vhostUser = $0.source { true } else { false } }),
      memoryBacking?.access != .shared
    {
      note(
        "memoryBacking/access", "a vhost-user network card needs memory that the switch may map",
        "set the memory backing to a shared memfd")
    }
    return problems
  }

  /// What cannot work in an unprivileged container, although libvirt itself would accept it.
  public func containerProblems() -> [DefinitionProblem] {
    var problems: [DefinitionProblem] = []
    for interface in devices.interfaces {
      guard case .direct(let device, _) = interface.source else { continue }
      problems.append(
        DefinitionProblem(
          path: "domain/devices/interface/@type",
          message: "a direct (macvtap) network card on \(device) does not work in an unprivileged container",
          remedy: "connect the card to a bridge instead: type bridge with the bridge's name"))
    }
    for device in devices.hostDevices {
      guard case .pci(let address) = device.source, device.isManaged == true else { continue }
      problems.append(
        DefinitionProblem(
          path: "domain/devices/hostdev/@managed",
          message: "libvirt cannot rebind PCI device \(address) from within an unprivileged container",
          remedy: "have the host bind it to vfio-pci and write managed=\"no\""))
    }
    if memoryBacking?.hugePages != nil, memoryBacking?.source != .memfd {
      problems.append(
        DefinitionProblem(
          path: "domain/memoryBacking/hugepages",
          message: "huge pages from a mounted hugetlbfs do not work in an unprivileged container",
          remedy: "take them from a memfd: memory backing source memfd"))
    }
    return problems
  }

  private func repeated<Value: Hashable>(_ values: [Value]) -> [Value] {
    var seen: Set<Value> = []
    var twice: [Value] = []
    for value in values where !seen.insert(value).inserted && !twice.contains(value) { twice.append(value) }
    return twice
  }
}
