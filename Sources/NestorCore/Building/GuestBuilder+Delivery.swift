import DomainXML
import GuestProtocol
import NestorImages
import NestorSupport
import Templates

extension GuestBuilder {
  /// What a guest is handed besides its disks, and what the user should know of that.
  func delivery(
    _ resolved: ResolvedTemplate, _ image: Image?, _ definition: DomainDefinition, _ name: GuestName, uuid: String
  ) throws -> (delivery: GuestDelivery?, warnings: [String]) {
    let template = resolved.template
    let hasDiskImage = hasDiskImage(template, image)
    let agent: String?
    var warnings: [String] = []
    switch template.agent.enabled {
    case .off: agent = nil
    case .auto where image == nil && !hasDiskImage: agent = nil
    case .auto:
      agent = host.agent
      if agent == nil {
        warnings.append("guests get no agent, so no command and no copy will reach them: \(AgentProgram.places())")
      }
    case .on:
      guard host.agent != nil else {
        throw NestorError(
          .unavailable, "\(resolved.location(of: "agent.enabled")): the guest cannot be given Nestor's agent",
          cause: AgentProgram.places(),
          hint: "build it: swift build -c release --product nestor-agent; or name it in NESTOR_AGENT")
      }
      agent = host.agent
    }
    if let boot = try initramfsForAgent(template, image) {
      try refuseCloudInit(resolved)
      return (agent.map { GuestDelivery(way: .initramfs(boot.initramfs, kernel: boot.kernel), agent: $0) }, warnings)
    }
    // cloud-init on a disk image takes name and network from the seed, agent or not.
    guard agent != nil || hasDiskImage else {
      try refuseCloudInit(resolved)
      return (nil, warnings)
    }
    guard hasDiskImage || !template.disks.isEmpty else {
      throw NestorError(
        .unsupported, "\(resolved.location(of: "agent.enabled")): there is no way to bring the agent into the guest",
        cause: "it comes behind an initramfs, or on a disk for cloud-init, and this guest boots neither",
        hint: "give it an `initramfs:` beside its kernel, or a disk")
    }
    let (settings, advice) = try seedSettings(resolved, definition, name, uuid: uuid)
    return (GuestDelivery(way: .noCloud(settings), agent: agent), warnings + advice)
  }

  /// Adds the ports by which the agent is reached where it is not by vsock.
  ///
  /// Their sockets lie beside the key, where only root gets; libvirt itself makes them, so QEMU need not get there.
  func addAgentPorts(
    to definition: inout DomainDefinition, _ transport: GuestTemplate.Agent.Transport, uuid: String
  ) throws {
    let isNeeded =
      switch transport {
      case .auto: definition.devices.vsock == nil
      case .vsock: false
      case .serial: true
      }
    guard isNeeded else { return }
    let longest = state.agentPort(uuid, ProtocolLimits.portCount - 1)
    // The room in sockaddr_un with its final zero, see unix(7).
    guard longest.utf8.count < 108 else {
      throw NestorError(
        .unsupported, "the sockets of the agent's ports cannot be made: their path is too long",
        cause: "\(longest) has \(longest.utf8.count) bytes, and a socket's path has at most 107",
        hint: "name a shorter folder in NESTOR_STATE_DIR")
    }
    definition.devices.channels += (0..<ProtocolLimits.portCount).map {
      Channel(source: .unix(path: state.agentPort(uuid, $0)), name: "\(ProtocolLimits.portPrefix)\($0)")
    }
  }

  /// Kernel and initramfs of a guest that runs in its initramfs, not one that only finds its root by it.
  private func initramfsForAgent(
    _ template: GuestTemplate, _ image: Image?
  ) throws -> (kernel: String, initramfs: String)? {
    if let image, image.record.kind == .kernel { return (try image.path("kernel"), try image.path("initramfs")) }
    guard !hasDiskImage(template, image), let kernel = template.boot.kernel, let initramfs = template.boot.initramfs
    else { return nil }
    return (kernel, initramfs)
  }

  private func hasDiskImage(_ template: GuestTemplate, _ image: Image?) -> Bool {
    image?.record.kind == .disk
      || template.disks.contains { if case .image = $0.source { true } else { false } }
  }
}
