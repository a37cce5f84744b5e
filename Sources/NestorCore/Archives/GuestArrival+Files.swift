import Glibc
import NestorSupport
import Probes

extension GuestArrival {
  /// A file that the archive may hold.
  private struct Member {
    let path: String
    let limit: UInt64
    var isRequired = true
  }

  private func members(in guest: LockedGuest) -> [String: Member] {
    let (state, provisioning) = (guest.hypervisor.state, guest.provisioning)
    var members: [String: Member] = [:]
    let text = UInt64(GuestArchive.Limit.text)
    if manifest.hasAgent { members[GuestArchive.key] = Member(path: state.agentKey(guest.uuid), limit: text) }
    if manifest.way == .seed {
      for (file, isRequired) in SeedSettings.fileNames {
        members[GuestArchive.seed(file)] = Member(
          path: "\(provisioning.seedDirectory)/\(file)", limit: text, isRequired: isRequired)
      }
    }
    if manifest.way == .initramfs || portable.bootsFromOutside {
      for role in [BootFiles.kernel, BootFiles.initramfs] {
        let isRequired = role == BootFiles.kernel || portable.definition.os.initrd != nil
        members[GuestArchive.boot(role)] = Member(
          path: "\(bootDirectory(of: guest))/\(role)", limit: GuestArchive.Limit.boot, isRequired: isRequired)
      }
    }
    if portable.definition.hasFirmwareVariables {
      members[GuestArchive.nvram] = Member(
        path: variables(of: guest), limit: GuestArchive.Limit.nvram, isRequired: false)
    }
    for (file, _) in portable.disks {
      members[GuestArchive.disk(file)] = Member(path: "\(guest.directory)/\(file)", limit: GuestArchive.Limit.disk)
    }
    return members
  }

  /// Where what it boots lies until that is in an image.
  func bootDirectory(of guest: LockedGuest) -> String { "\(guest.hypervisor.state.privateFolder(guest.uuid))/boot" }

  /// Where the firmware's variables lie until the guest is whole.
  func variables(of guest: LockedGuest) -> String {
    "\(guest.hypervisor.state.privateFolder(guest.uuid))/\(GuestArchive.nvram)"
  }

  /// Brings the files of the archive into the guest's directory, which is new; nothing uses them until this is through.
  func receive(_ archive: TarReader, in guest: LockedGuest) async throws {
    var archive = archive
    try FileTree.makeDirectory(guest.hypervisor.state.privateFolder(guest.uuid), mode: 0o700)
    try FileTree.makeDirectory(bootDirectory(of: guest), mode: 0o700)
    if manifest.way == .seed { try FileTree.makeDirectory(guest.provisioning.seedDirectory, mode: 0o700) }
    var missing = members(in: guest)
    var sums: [UInt8]?
    let (name, report) = (guest.name, guest.hypervisor.report)
    while let file = try await archive.nextFile() {
      if file.name == TarWriter.sums {
        sums = try await archive.content(limit: GuestArchive.Limit.text)
        continue
      }
      guard sums == nil, let member = missing.removeValue(forKey: file.name) else {
        throw TarHeader.Refusal("'\(file.name)' does not belong into it")
      }
      let stage = "importing \(file.name)"
      report(ProgressReport(name, stage))
      try await archive.copy(to: member.path, limit: member.limit) { part in
        report(ProgressReport(name, stage, fraction: part))
        // Guests that run there would stand still when the file system is full.
        if try DiskSpaceProbe(path: member.path).run().spareBytes == 0 {
          throw SystemError("write \(member.path)", number: ENOSPC)
        }
      }
    }
    if let name = missing.filter(\.value.isRequired).keys.min() { throw TarHeader.Refusal("it has no '\(name)'") }
    guard let sums else { throw TarHeader.Refusal("it has no '\(TarWriter.sums)'") }
    try check(archive.sums, by: String(decoding: sums, as: UTF8.self))
  }

  private func check(_ found: [String: String], by text: String) throws {
    var told: [String: String] = [:]
    for line in text.split(separator: "\n") {
      guard let end = line.firstRange(of: "  ") else { continue }
      told[String(line[end.upperBound...])] = String(line[..<end.lowerBound])
    }
    for (name, sum) in found.sorted(by: { $0.key < $1.key }) where name != TarWriter.sums {
      guard told[name] == sum else { throw TarHeader.Refusal("the checksum of '\(name)' is wrong") }
    }
  }
}
