import DomainXML
import Libvirt
import NestorSupport

/// The variables of a guest's UEFI in a file that snapshots can hold: qcow2, in the guest's own directory.
///
/// libvirt makes the file in the format of the firmware's template, which is raw in Debian's package, and converts none to
/// another; so Nestor makes it. See <https://libvirt.org/formatdomain.html#bios-bootloader>.
enum FirmwareVariables {
  /// The oldest libvirt that takes, reverts to and deletes snapshots of them, see <https://libvirt.org/news.html>.
  static let firstInSnapshots = Version(10, 10)

  /// The file in a guest's directory.
  static func path(in directory: String) -> String { "\(directory)/nvram.qcow2" }

  /// Makes the file from the firmware's template where a guest's definition names it and it is missing; returns whether it
  /// did. Throws ``NestorError``.
  @discardableResult
  static func make(for definition: DomainDefinition, in directory: String) async throws -> Bool {
    guard let path = definition.firmwareVariables(in: directory), !FileTree.exists(path) else { return false }
    guard let template = definition.os.nvram?.template else {
      throw NestorError(
        .notFound, "cannot make the file of the firmware's variables of guest '\(definition.name)'",
        cause: "libvirt names no template for them",
        hint: "copy the variables of its firmware: qemu-img convert -O qcow2 /usr/share/OVMF/… \(path)")
    }
    try await DiskFile.flatten(template, definition.firmwareTemplateFormat, snapshot: nil, to: path, as: .qcow2)
    return true
  }
}

extension DomainDefinition {
  /// Whether it boots by a firmware that keeps variables in a file.
  var hasFirmwareVariables: Bool {
    guard os.loader?.type != "rom", os.loader?.isStateless != true else { return false }
    return os.firmware == .efi || os.loader != nil
  }

  /// The file of its firmware's variables, where that is the one in the guest's directory.
  func firmwareVariables(in directory: String) -> String? {
    let path = FirmwareVariables.path(in: directory)
    return os.nvram?.path == path && os.nvram?.format == "qcow2" ? path : nil
  }

  /// Where its firmware's variables may lie, the likeliest place first, and as what libvirt opens the file there; that is
  /// never told by what is in it, because the guest writes that. `uri` is that of the connection.
  func firmwareVariablesFiles(uri: String) -> [(path: String, format: Disk.Format)] {
    let places = os.nvram?.path.map { [$0] } ?? FirmwareVariablesMove.places(of: name, uri: uri)
    return places.map { path in
      (path, os.nvram?.format.map(Disk.Format.init) ?? (path.hasSuffix(".qcow2") ? .qcow2 : .raw))
    }
  }

  /// The format of the template for its firmware's variables.
  var firmwareTemplateFormat: Disk.Format { os.nvram?.templateFormat.map(Disk.Format.init) ?? .raw }

  /// The definition with the firmware's variables in the guest's directory; nil where it has none, or where somebody has
  /// chosen a place for them.
  func keepingFirmwareVariables(in directory: String) -> DomainDefinition? {
    guard os.firmware == .efi, hasFirmwareVariables, os.nvram?.path == nil, os.nvram?.format == nil,
      !os.unknown.holds("nvram")
    else { return nil }
    var definition = self
    // Without it libvirt would look for a firmware in the format of the variables.
    if definition.os.loader == nil { definition.os.loader = .init(format: "raw") }
    definition.os.nvram = .init(
      path: FirmwareVariables.path(in: directory), template: os.nvram?.template,
      templateFormat: os.nvram?.templateFormat, format: "qcow2")
    return definition
  }
}

extension Hypervisor {
  /// Defines a guest that is not complete yet. Where libvirt can keep snapshots of its firmware's variables, they are in its
  /// directory then, in a file that ``LockedGuest/makeFirmwareVariables(_:)`` makes. Throws what libvirt does.
  func defineWithVariables(_ definition: DomainDefinition) async throws -> Domain {
    guard let uuid = definition.uuid, let kept = definition.keepingFirmwareVariables(in: state.guest(uuid)),
      try await connection.libvirtVersion() >= FirmwareVariables.firstInSnapshots
    else { return try await connection.defineDomain(xml: try definition.xml()) }
    do {
      return try await connection.defineDomain(xml: try kept.xml())
    } catch is LibvirtError {
      // A machine may have no firmware in the raw format; what else there is libvirt says again.
      return try await connection.defineDomain(xml: try definition.xml())
    }
  }
}

extension LockedGuest {
  /// Makes the file of its firmware's variables, where it keeps them itself; `planned` is what it was defined from.
  func makeFirmwareVariables(_ planned: DomainDefinition) async throws {
    guard planned.hasFirmwareVariables else { return }
    try await FirmwareVariables.make(for: try await definition(), in: directory)
  }
}
