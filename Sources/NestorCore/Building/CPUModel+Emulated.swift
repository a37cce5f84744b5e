import DomainXML

extension CPUModel {
  /// All that QEMU's emulation has, but for five-level page tables, which cost every memory access of the guest a step more.
  static let emulated = CPUModel.maximum.disabling(["la57"])
}
