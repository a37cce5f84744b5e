import Libvirt
import NestorSupport
import Templates

extension Guest {
  /// Changes settings, at once where libvirt can, and for later starts in any case; says which.
  ///
  /// Run again with the same values it does nothing. What a running guest cannot take is left to its next start.
  package func change(_ changes: GuestChanges) async throws -> [SettingChange] {
    try changes.check(of: name)
    return try await withLock(to: "change") { try await $0.change(changes) }
  }
}

extension GuestChanges {
  /// Refuses what no guest can have.
  fileprivate func check(of guest: String) throws {
    func refuse(_ cause: String) -> NestorError {
      NestorError(.invalidArgument, "cannot change guest '\(guest)'", cause: cause)
    }
    if let cpus, !(1...1024).contains(cpus) { throw refuse("\(cpus) CPUs are not from 1 to 1024") }
    if let memory, !(1 << 20...UInt64(1) << 46).contains(memory) {
      throw refuse("\(ByteSize(bytes: memory)) of memory are not from 1MiB to 64TiB")
    }
    if let description, description.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) {
      throw refuse("a description is one line of text")
    }
    if self == GuestChanges() { throw refuse("there is nothing to change") }
  }
}

extension LockedGuest {
  fileprivate func change(_ changes: GuestChanges) async throws -> [SettingChange] {
    try await requireComplete()
    let isActive = try await attempt { try await domain.isActive() }
    guard try await guest.isPersistent() else { throw error(.unsupported, "it is not defined, and gone when it stops") }
    var done: [SettingChange] = []
    if let cpus = changes.cpus { done.append(try await set(cpus: cpus, isActive)) }
    if let memory = changes.memory { done.append(try await set(memory: memory, isActive)) }
    if let autostart = changes.autostart {
      try await withContext("cannot change whether guest '\(name)' starts by itself") {
        try await domain.setAutostart(autostart)
      }
      done.append(SettingChange(setting: "autostart", value: autostart ? "yes" : "no", effect: .now))
    }
    if let description = changes.description {
      try await withContext("cannot change the description of guest '\(name)'") {
        try await domain.setDescription(
          description.isEmpty ? nil : description, scope: isActive ? .liveAndConfig : .config)
      }
      done.append(SettingChange(setting: "description", value: description, effect: .now))
    }
    guard changes.cpus != nil || changes.memory != nil,
      try await guest.status() == .saved
    else { return done }
    for index in done.indices where ["cpus", "memory"].contains(done[index].setting) {
      done[index].effect = .nextStart
      done[index].reason = "it sleeps, and wakes as it was"
    }
    return done
  }

  private func set(cpus: Int, _ isActive: Bool) async throws -> SettingChange {
    let failure = "cannot give guest '\(name)' \(cpus) CPUs"
    let count = UInt32(cpus)
    do {
      let maximum = try await domain.cpuCount(scope: .config, .maximum)
      // At no moment may the count be above the maximum.
      if cpus > maximum { try await domain.setCPUCount(count, scope: .config, .maximum) }
      try await domain.setCPUCount(count, scope: .config)
      if cpus < maximum { try await domain.setCPUCount(count, scope: .config, .maximum) }
    } catch let error as LibvirtError where error.message.contains("topology") {
      throw NestorError(
        .unsupported, failure, cause: error.message,
        hint: "its template names sockets, cores and threads: change them together with nestor edit \(name)")
    } catch {
      throw NestorError(wrapping: error, failure)
    }
    var change = SettingChange(setting: "cpus", value: "\(cpus)", effect: .now)
    guard isActive else { return change }
    do {
      if try await domain.cpuCount(scope: .live) != cpus { try await domain.setCPUCount(count, scope: .live) }
    } catch let error as LibvirtError {
      guard try await domain.isActive() else { return change }
      change.effect = .nextStart
      change.reason = error.message
    }
    return change
  }

  private func set(memory: UInt64, _ isActive: Bool) async throws -> SettingChange {
    let size = ByteSize(bytes: memory)
    try await withContext("cannot give guest '\(name)' \(size) of memory") {
      // libvirt lets no guest begin with more than its maximum, and lowers the former with the latter.
      try await domain.setMaximumMemory(memory, scope: .config)
      try await domain.setMemory(memory, scope: .config)
    }
    var change = SettingChange(setting: "memory", value: "\(size)", effect: .now)
    guard isActive else { return change }
    do {
      let most = try await domain.maximumMemory()
      guard memory <= most else {
        change.effect = .nextStart
        change.reason = "it was started with at most \(ByteSize(bytes: most))"
        return change
      }
      try await domain.setMemory(memory, scope: .live)
    } catch let error as LibvirtError {
      guard try await domain.isActive() else { return change }
      change.effect = .nextStart
      change.reason = error.message
    }
    return change
  }
}
