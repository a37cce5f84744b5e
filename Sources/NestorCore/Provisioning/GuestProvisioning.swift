import FoundationEssentials
import Glibc
import GuestProtocol
import NestorSupport
import Templates

/// Brings agent, key and settings to where a guest finds them, and keeps them up to date from start to start.
///
/// All of it lies in the guest's folder and goes with it:
///
///     private/                only root may enter it
///     private/agent.key       the key that agent and clients share; made once, since snapshots hold it
///     private/delivery.json   what is delivered on which way, and of which files it was made
///     private/seed/           the settings on the seed
///     initramfs, kernel       for the guest's start, or
///     seed.iso                the seed
///
/// QEMU's user reads initramfs and seed, of which libvirt makes it the owner; nobody else may, since both hold the key.
struct GuestProvisioning {
  let state: StateDirectory
  let uuid: String

  /// Delivers for the first time; the guest's folder is there already, and nobody else works on the guest.
  func provision(_ delivery: GuestDelivery) async throws {
    let folder = state.privateFolder(uuid)
    try FileTree.makeDirectory(folder, mode: 0o700)
    if delivery.agent != nil { try makeKey() }
    var record = DeliveryRecord(hasAgent: delivery.agent != nil)
    switch delivery.way {
    case .initramfs(let path, let kernel): (record.initramfs, record.kernel) = (path, kernel)
    case .noCloud(let settings):
      try FileTree.makeDirectory("\(folder)/seed", mode: 0o700)
      for file in settings.files {
        try FileTree.write(Array(file.text.utf8), to: "\(folder)/seed/\(file.name)", mode: 0o600)
      }
    }
    try await make(record, agent: delivery.agent)
  }

  /// Delivers anew where the agent's program, the image or Nestor itself has changed since; a guest to which nothing is
  /// delivered is left alone. The guest has to be off. `agent` is the program of this moment, nil where there is none:
  /// then the guest keeps the one it has.
  func refresh(agent: String?) async throws {
    let bytes: [UInt8]
    do {
      bytes = try FileTree.read(recordPath)
    } catch let error as SystemError where error.number == ENOENT || error.number == ENOTDIR {
      return
    }
    guard let record = try? JSONDecoder().decode(DeliveryRecord.self, from: Data(bytes)) else {
      throw NestorError(
        .corrupted, "the record of what is delivered to the guest cannot be read", cause: recordPath,
        hint: "delete the guest and make it anew")
    }
    guard !record.hasAgent || agent != nil else { return }
    let isThere = FileTree.exists(record.initramfs == nil ? state.seed(uuid) : state.initramfs(uuid))
    if !isThere || record.sources != sources(record, agent) { try await make(record, agent: agent) }
  }

  /// What the guest is handed, as an archive holds it; nil where that is nothing.
  func handedOver() throws -> (hasAgent: Bool, boot: (kernel: String, initramfs: String)?)? {
    guard let record = try deliveryRecord() else { return nil }
    guard let kernel = record.kernel, let initramfs = record.initramfs else { return (record.hasAgent, nil) }
    return (record.hasAgent, (kernel, initramfs))
  }

  /// Notes what a guest is handed that came out of an archive, whose key and settings lie in its directory already.
  func noteHandedOver(hasAgent: Bool, boot: (kernel: String, initramfs: String)?) throws {
    let record = DeliveryRecord(hasAgent: hasAgent, initramfs: boot?.initramfs, kernel: boot?.kernel)
    try FileTree.write(json: record, to: recordPath, mode: 0o600)
  }

  /// The directory of the settings on the guest's seed.
  var seedDirectory: String { "\(state.privateFolder(uuid))/seed" }

  /// What was delivered to the guest, for a copy of it whose NICs have other addresses; nil where that is nothing.
  ///
  /// `instance` is the UUID by which cloud-init knows the copy; nil is the one by which it knows the guest.
  func delivery(
    name: String, instance: String?, nics: [(old: String, new: String)], agent: String?
  ) throws -> GuestDelivery? {
    guard let record = try deliveryRecord() else { return nil }
    let agent = record.hasAgent ? agent : nil
    if let initramfs = record.initramfs, let kernel = record.kernel {
      return GuestDelivery(way: .initramfs(initramfs, kernel: kernel), agent: agent)
    }
    let directory = seedDirectory
    let instance = try instance ?? SeedSettings.instance(inMetaData: FileTree.readText(metaDataPath)) ?? uuid
    var settings = SeedSettings(instance: instance, name: name, macAddresses: nics.map(\.new))
    settings.userData = try FileTree.readText("\(directory)/user-data")
    let configuration = "\(directory)/\(SeedSettings.vendorConfigurationFile)"
    if FileTree.exists(configuration) { settings.vendorConfiguration = try FileTree.readText(configuration) }
    // The user's own network configuration may name NICs by their addresses, too.
    var network = try FileTree.readText("\(directory)/network-config")
    for nic in nics { network = network.replacing(nic.old, with: nic.new) }
    settings.networkConfiguration = network
    return GuestDelivery(way: .noCloud(settings), agent: agent)
  }

  /// Has a guest with a seed be told another name, from its next ``refresh(agent:)`` on.
  func rename(to name: String) throws {
    let path = metaDataPath
    guard FileTree.exists(path) else { return }
    let instance = SeedSettings.instance(inMetaData: try FileTree.readText(path)) ?? uuid
    let settings = SeedSettings(instance: instance, name: name, macAddresses: [])
    try FileTree.write(Array(settings.metaData.utf8), to: path, mode: 0o600)
  }

  /// The addresses that the user's own network configuration gives to the guest, with their prefix lengths; none where the
  /// guest asks a DHCP server, or has no seed.
  func fixedAddresses() throws -> [String] {
    let path = "\(seedDirectory)/network-config"
    guard FileTree.exists(path) else { return [] }
    do {
      return try NetworkConfiguration(contentsOf: path).addresses
    } catch {
      throw error.nestorError
    }
  }

  private var metaDataPath: String { "\(seedDirectory)/meta-data" }

  private func deliveryRecord() throws -> DeliveryRecord? {
    guard FileTree.exists(recordPath) else { return nil }
    return try JSONDecoder().decode(DeliveryRecord.self, from: Data(try FileTree.read(recordPath)))
  }

  private var recordPath: String { "\(state.privateFolder(uuid))/delivery.json" }

  /// Removes a key that was made for a guest of another UUID.
  func removeForeignKey() throws {
    let path = state.agentKey(uuid)
    guard FileTree.exists(path), try GuestKey(file: try FileTree.read(path)).guest != GuestUUID(uuid) else { return }
    try FileTree.remove(path)
  }

  private func makeKey() throws {
    let path = state.agentKey(uuid)
    guard !FileTree.exists(path), let guest = GuestUUID(uuid) else { return }
    try FileTree.write(try GuestKey.random(for: guest).file, to: path, mode: 0o600)
  }

  private func make(_ record: DeliveryRecord, agent: String?) async throws {
    for folder in [state.guest(uuid), state.privateFolder(uuid)] {
      // Left by a program that was killed; the guest's lock keeps others off.
      for name in try FileTree.names(in: folder) where name.hasSuffix(".new") {
        try FileTree.remove("\(folder)/\(name)")
      }
    }
    var record = record
    // Taken before the files are read: one that changes meanwhile is delivered again.
    record.sources = sources(record, agent)
    if let initramfs = record.initramfs, let kernel = record.kernel, let agent {
      try makeInitramfs(initramfs, kernel: kernel, agent: agent)
    } else {
      try await SeedDisk(state: state, uuid: uuid).make(agent: record.hasAgent ? agent : nil)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try FileTree.write(try encoder.encode(record), to: recordPath, mode: 0o600)
  }

  private func makeInitramfs(_ path: String, kernel: String, agent: String) throws {
    var initramfs = Initramfs()
    try initramfs.append(contentsOf: path)
    let hook: [UInt8]
    do {
      hook = try AgentHook.archive(
        agent: try FileTree.read(agent, limit: Initramfs.sizeLimit), key: try FileTree.read(state.agentKey(uuid)))
    } catch let CPIOError.tooLarge(name) {
      throw NestorError(.unsupported, "the file \(name) is too large for an initramfs")
    }
    // An initramfs holds modules for one kernel; the two change together, also for a start that is libvirt's own.
    try placeKernel(kernel)
    try FileTree.write(initramfs.bytes + hook, to: state.initramfs(uuid), mode: 0o600)
  }

  /// Puts the kernel into the guest's folder, without a copy of its bytes where that is possible.
  private func placeKernel(_ kernel: String) throws {
    let target = state.kernel(uuid)
    let aside = "\(target).new"
    try FileTree.remove(aside)
    if link(kernel, aside) == 0 {
      // Where both names are of one file already, a rename does nothing and leaves both.
      try FileTree.rename(aside, to: target)
      try FileTree.remove(aside)
    } else {
      try FileTree.write(try FileTree.read(kernel, limit: Initramfs.sizeLimit), to: target)
    }
  }

  /// What tells whether a delivery is of the present files.
  private func sources(_ record: DeliveryRecord, _ agent: String?) -> [String: String] {
    var sources = ["nestor": String(StateDirectory.stableHash(AgentHook.program + AgentBoothook.vendorData), radix: 16)]
    for (name, path) in [("agent", record.hasAgent ? agent : nil), ("initramfs", record.initramfs)] {
      if let path { sources[name] = "\(path) \(Self.identity(path))" }
    }
    // It changes with the guest's name.
    if let metaData = try? FileTree.readText(metaDataPath) { sources["meta-data"] = metaData }
    return sources
  }

  /// Changes with each change of a file, even to one of the same size and age.
  private static func identity(_ path: String) -> String {
    var information = stat()
    guard stat(path, &information) == 0 else { return "missing" }
    let (changed, written) = (information.st_ctim, information.st_mtim)
    return "\(information.st_ino) \(information.st_size) \(written.tv_sec).\(written.tv_nsec)"
      + " \(changed.tv_sec).\(changed.tv_nsec)"
  }
}

/// What is delivered to a guest, as its folder says.
private struct DeliveryRecord: Codable {
  /// Whether the agent is.
  var hasAgent: Bool
  /// The initramfs behind which it goes; nil where it goes on the seed.
  var initramfs: String?
  /// The kernel that belongs to the initramfs.
  var kernel: String?
  /// The files that were delivered, and what they were then.
  var sources: [String: String] = [:]
}
