import DomainXML
import NestorImages
import NestorSupport
import Templates

/// Turns a template into a guest's definition.
///
/// This reads images and the files that the template names, and nothing else: no connection is needed, and the same template, name and UUID give the same XML.
package struct GuestBuilder: Sendable {
  let state: StateDirectory
  let images: ImageStore
  let host: HostCapabilities

  /// A builder for guests on a machine with these capabilities.
  package init(state: StateDirectory, host: HostCapabilities) {
    self.state = state
    images = ImageStore(state)
    self.host = host
  }

  /// Plans a guest.
  ///
  /// `stage` is what the XML says of how far Nestor is; `contextID` is a vsock context ID whatever the template says of
  /// it. With `checksPatches` the schema has to take what patches make of the XML. Throws a ``NestorError`` that names the template's line where something in it cannot be had.
  package func plan(
    _ name: GuestName, _ resolved: ResolvedTemplate, uuid: String = Identifiers.randomUUID(),
    stage: GuestRecord.Stage = .incomplete, contextID: UInt32? = nil, checksPatches: Bool = true
  ) throws -> GuestPlan {
    let template = resolved.template
    let image = try template.image.map { name in
      try located(resolved, "image") { try images.image(name) }
    }
    let isKVM = try usesKVM(resolved)
    var definition = DomainDefinition(
      name: name.text, memory: .bytes(template.memory.bytes), vcpus: template.cpus, type: isKVM ? .kvm : .qemu,
      uuid: uuid)
    definition.description = template.description.isEmpty ? nil : template.description
    definition.generationID = .automatic
    definition.cpu = cpu(template, isKVM: isKVM)
    definition.clock = DomainClock(offset: .utc)
    definition.memoryBacking = memoryBacking(template)
    definition.features = DomainFeatures(vmPort: false)
    definition.onCrash = LifecycleAction(rawValue: template.onCrash.rawValue)
    var disks = DiskPlanner(folder: state.guest(uuid), images: images)
    try disks.add(resolved, image: image, definition: &definition)
    definition.devices.interfaces = interfaces(template, uuid: uuid)
    addDevices(to: &definition, template, uuid: uuid)
    try addVsock(to: &definition, resolved, contextID, uuid: uuid)
    let (delivery, warnings) = try delivery(resolved, image, definition, name, uuid: uuid)
    if delivery?.agent != nil { try addAgentPorts(to: &definition, template.agent.transport, uuid: uuid) }
    addPortController(to: &definition, template)
    if case .noCloud = delivery?.way { disks.addSeed(state.seed(uuid), definition: &definition) }
    addHotplugSlots(to: &definition, template)
    addSMBIOS(to: &definition, template, uuid: uuid)
    try setBoot(of: &definition, resolved, image, delivery, name, uuid: uuid)
    let record = GuestRecord(
      stage: stage, template: resolved.name, templateFile: FileTree.isRegularFile(resolved.path) ? resolved.path : nil,
      parameters: parametersToKeep(resolved),
      image: (image ?? disks.firstImage)?.name, imageDigest: (image ?? disks.firstImage)?.digest,
      diskImages: disks.imageDigests, readyLine: template.ready.console,
      readyTimeout: template.ready.timeout, contextID: contextID)
    definition.metadata = DomainMetadata([record.tree()] + labels(template))
    return GuestPlan(
      name: name.text, uuid: uuid, definition: try patched(definition, resolved, isChecked: checksPatches),
      record: record, disks: disks.newDisks,
      delivery: delivery, warnings: warnings, reservations: reservations(resolved, uuid: uuid),
      usesEmulation: !isKVM, autostart: template.autostart)
  }

  private func usesKVM(_ resolved: ResolvedTemplate) throws -> Bool {
    switch resolved.template.accelerator {
    case .tcg: return false
    case .auto: return host.acceleration.isUsable
    case .kvm:
      guard host.acceleration.isUsable else {
        throw NestorError(
          .unavailable, "\(resolved.location(of: "accelerator")): the template asks for KVM, which is not usable here",
          cause: host.acceleration.explanation, hint: "accelerator: auto falls back to emulation; see nestor doctor")
      }
      return true
    }
  }

  private func cpu(_ template: GuestTemplate, isKVM: Bool) -> CPUModel {
    var cpu: CPUModel =
      switch template.cpu.model {
      case .auto: isKVM ? .hostPassthrough : .maximum
      case .hostPassthrough: .hostPassthrough
      case .hostModel: .hostModel
      case .maximum: .maximum
      case .named(let name): .named(name)
      }
    // What the host's CPU lacks cannot be turned off by name, so only the feature that is there is named.
    if isKVM, !template.cpu.nested, let feature = host.nestingFeature { cpu = cpu.disabling([feature]) }
    if !isKVM, cpu.mode == .maximum { cpu = .emulated }
    if let topology = template.cpu.topology {
      cpu.topology = CPUModel.Topology(
        sockets: topology.sockets, cores: topology.cores, threads: topology.threads)
    }
    return cpu
  }

  private func memoryBacking(_ template: GuestTemplate) -> MemoryBacking? {
    let backing = template.memoryBacking
    var result = MemoryBacking(isLocked: backing.locked)
    if backing.source == .memfd { result.source = .memfd }
    if backing.shared { result.access = .shared }
    switch backing.hugePages {
    case .off: break
    case .defaultSize: result.hugePages = []
    case .size(let size): result.hugePages = [MemoryBacking.HugePage(size: .bytes(size.bytes))]
    }
    return result == MemoryBacking() ? nil : result
  }

  /// The parameters for the guest's record, which is in its XML: everybody who may use libvirt reads that.
  private func parametersToKeep(_ resolved: ResolvedTemplate) -> [String: String] {
    guard let hash = resolved.template.cloudInit.passwordHash else { return resolved.parameters }
    return resolved.parameters.mapValues { hash.contains($0) && $0.utf8.count > 4 ? GuestRecord.notKept : $0 }
  }

  private func labels(_ template: GuestTemplate) -> [XMLTree] {
    guard !template.labels.isEmpty else { return [] }
    var tree = XMLTree(
      "labels:labels", namespaces: [XMLTree.Namespace(prefix: "labels", uri: "urn:nestor:labels:1")])
    for (name, value) in template.labels.sorted(by: { $0.key < $1.key }) {
      var label = XMLTree("labels:label")
      label["name"] = name
      label["value"] = value
      tree.children.append(.element(label))
    }
    return [tree]
  }

  private func setBoot(
    of definition: inout DomainDefinition, _ resolved: ResolvedTemplate, _ image: Image?, _ delivery: GuestDelivery?,
    _ name: GuestName, uuid: String
  ) throws {
    let template = resolved.template
    definition.os.machine = template.machine
    definition.os.architecture = "x86_64"
    if template.firmware == .uefi {
      definition.os.firmware = .efi
      definition.os.firmwareFeatures = [.secureBoot(template.secureBoot), .enrolledKeys(template.secureBoot)]
      if template.secureBoot { definition.features.smm = true }
    }
    if let image, image.record.kind == .disk {
      guard template.boot.cmdline.isEmpty else {
        throw NestorError(
          .invalidTemplate, "\(resolved.location(of: "boot.cmdline")): the guest takes its command line from its disk",
          cause: "the image '\(image.name)' is a disk, which is booted by the firmware", hint: "leave it out")
      }
    } else if let image {
      definition.os.kernel = try image.path("kernel")
      definition.os.initrd = try image.path("initramfs")
      // The image's init takes its host name from the kernel, which has this parameter from 5.19 on. On a busy machine an
      // emulated timer fails the kernel's check and it panics; under KVM it leaves the check out by itself. A panic before
      // the module of the panic device is there would leave the kernel in a loop for ever.
      let words = [
        "console=ttyS0", "quiet", "no_timer_check", "panic=1", "hostname=\(name.text)", template.boot.cmdline,
      ]
      definition.os.commandLine = words.filter { !$0.isEmpty }.joined(separator: " ")
    } else if let kernel = template.boot.kernel {
      definition.os.kernel = kernel
      definition.os.initrd = template.boot.initramfs
      definition.os.commandLine = template.boot.cmdline.isEmpty ? nil : template.boot.cmdline
    } else if template.disks.isEmpty, !template.networks.contains(where: { $0.bootOrder != nil }) {
      throw NestorError(
        .invalidTemplate, "\(resolved.location(of: "boot")): the guest has nothing to boot",
        hint: "give it an `image:`, a `boot: {kernel: …}`, a disk, or a network card with `bootOrder:`")
    }
    if case .initramfs = delivery?.way {
      definition.os.kernel = state.kernel(uuid)
      definition.os.initrd = state.initramfs(uuid)
    }
  }

  /// Runs `body`; a failure gets the place of a key in front.
  private func located<Value>(_ resolved: ResolvedTemplate, _ key: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch var error as NestorError {
      error.message = "\(resolved.location(of: key)): \(error.message)"
      throw error
    }
  }
}
