import DomainXML
import Libvirt

/// Something that a guest has, with which its state cannot be saved in every way, or not by every libvirt. All rules together
/// are the table in the README.
///
/// What libvirt refuses by itself with the reason is not among them, such as virtiofs. Tried with libvirt 9.0 and 11.3: an
/// emulated TPM and drives for CDs do not hinder, nor that an older QEMU took the snapshot.
struct StateRule: Sendable {
  /// When an operation works.
  enum Condition: Sendable {
    /// From this version of libvirt on.
    case since(Version)
    /// While the guest is off.
    case whileOff
    case never

    func isMet(_ question: Question) -> Bool {
      switch self {
      case .since(let first): question.libvirt >= first
      case .whileOff: !question.isActive
      case .never: false
      }
    }
  }

  /// Whether an operation works for a guest.
  struct Question {
    let operation: StateOperation
    let definition: DomainDefinition
    /// Whether the guest runs or is paused.
    let isActive: Bool
    let libvirt: Version
  }

  /// What the README calls guests that have it.
  let guests: String
  /// The restricted operations, and when they work; one that is missing always works.
  let conditions: [StateOperation: Condition]
  /// What is in the way; nil for a guest that does not have it.
  let cause: @Sendable (Question) -> String?
  /// What its user can do.
  let hint: @Sendable (Question) -> String

  static let all = [everyGuest, uefi, otherVariables, otherDisk, noDisk, passedThrough]

  /// The oldest libvirt that reverts to snapshots in files, see <https://libvirt.org/news.html>.
  private static let firstWithFiles = Version(9, 9)

  private static let everyGuest = StateRule(
    guests: "BIOS and qcow2 disks",
    conditions: [.diskSnapshot: .since(firstWithFiles)],
    cause: {
      "libvirt \($0.libvirt) cannot revert to the disks of a running guest alone; \(firstWithFiles.short) and later can"
    },
    hint: { "keep the memory as well, without --disk-only; or stop it first: nestor stop \($0.definition.name)" })

  private static let uefi = StateRule(
    guests: "UEFI",
    conditions: [
      .snapshot: .since(FirmwareVariables.firstInSnapshots), .warmClone: .since(FirmwareVariables.firstInSnapshots),
    ],
    cause: { question in
      guard question.definition.hasFirmwareVariables else { return nil }
      return "it boots by UEFI, of which libvirt \(question.libvirt) keeps no snapshots; "
        + "\(FirmwareVariables.firstInSnapshots.short) and later do"
    },
    hint: { question in
      withoutMemory(question)
        + "make it with firmware: bios, or copy it while it is off: nestor clone --full \(question.definition.name) NEW"
    })

  private static let otherVariables = StateRule(
    guests: "UEFI, its variables in another format than qcow2",
    conditions: [.snapshot: .never, .warmClone: .never],
    cause: { question in
      let isQCOW2 = question.definition.os.nvram?.format == "qcow2"
      guard question.definition.hasFirmwareVariables, !isQCOW2 else { return nil }
      return "it boots by UEFI, whose variables are not in a qcow2 file, so that no snapshot can hold them"
    },
    hint: { question in
      withoutMemory(question)
        + "copy it while it is off, which gives the copy such a file: nestor clone --full \(question.definition.name) NEW"
    })

  private static let otherDisk = StateRule(
    guests: "a disk in another format than qcow2 that it writes",
    conditions: [.snapshot: .never, .warmClone: .never],
    cause: { question in
      question.definition.devices.disks.first { $0.isKept && $0.format != .qcow2 }.map {
        "its disk \($0.target) is not qcow2, so that no snapshot can hold it"
      }
    },
    hint: { _ in "import it as an image, which makes it qcow2: nestor image import" })

  private static let noDisk = StateRule(
    guests: "no disk that it writes",
    conditions: [.snapshot: .never, .diskSnapshot: .never, .warmClone: .never],
    cause: { question in
      guard !question.definition.devices.disks.contains(where: \.isKept) else { return nil }
      return question.operation == .diskSnapshot ? "it has no disk that it writes" : "it has no disk that could hold it"
    },
    hint: { "give it a small one: nestor disk add \($0.definition.name) --size 1GiB" })

  private static let passedThrough = StateRule(
    guests: "a device of the host passed through",
    conditions: [.snapshot: .whileOff, .save: .never, .warmClone: .never],
    cause: { question in
      let devices = question.definition.devices
      let names = devices.hostDevices.compactMap(\.nameWithoutState) + devices.interfaces.compactMap(\.nameWithoutState)
      return names.first.map { "it runs with \($0) of the host, whose state cannot be saved" }
    },
    hint: { question in
      question.operation == .save
        ? "shut it down instead: nestor stop \(question.definition.name)"
        : "stop it first: nestor stop \(question.definition.name)"
    })

  private static func withoutMemory(_ question: Question) -> String {
    question.isActive && question.libvirt >= firstWithFiles ? "keep its disks alone: --disk-only; or " : ""
  }
}

extension HostDevice {
  /// What it is called, where QEMU cannot read its state; of a USB device or a SCSI disk it has not to.
  fileprivate var nameWithoutState: String? {
    switch source {
    case .pci(let address): "the PCI device \(address)"
    case .vhostSCSI(let name): "the SCSI target \(name)"
    case .other("mdev"): "a mediated device"
    case .other: nil
    }
  }
}

extension NetworkInterface {
  /// The same of a NIC that is a device of the host.
  fileprivate var nameWithoutState: String? { source == .other(type: "hostdev") ? "a NIC" : nil }
}

extension Version {
  /// Without the third number, as libvirt's releases are called.
  fileprivate var short: String { "\(major).\(minor)" }
}
