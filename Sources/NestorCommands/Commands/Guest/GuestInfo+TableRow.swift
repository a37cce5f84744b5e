import CommandLineKit
import NestorCore
import NestorSupport

extension GuestInfo: TableRow {
  /// The headings.
  package static var columns: [String] {
    [
      "Name", "UUID", "Status", "Reason", "CPUs", "Memory", "Accelerator", "Autostart", "Template", "Parameters",
      "Image", "Copy of", "Disks", "NICs", "vsock CID", "Console log", "Files",
    ]
  }

  package var cells: [String] {
    [
      name, uuid, status.rawValue, reason, "\(cpus)", SizeText.short(memory), accelerator, autostart ? "yes" : "no",
      template ?? "-", parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " "),
      image ?? "-", copiedFrom ?? "-", disks.map { "\($0.target)=\($0.source ?? "-")" }.joined(separator: " "),
      interfaces.map { nic in
        ([nic.source, nic.mac ?? ""] + nic.addresses).filter { !$0.isEmpty }.joined(separator: " ")
      }.joined(separator: "; "),
      cid.map { "\($0)" } ?? "-", consoleLog ?? "-", directory ?? "-",
    ]
  }
}
