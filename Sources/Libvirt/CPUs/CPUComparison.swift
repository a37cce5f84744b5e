import CLibvirt

/// What the host's CPU is to another, see https://libvirt.org/html/libvirt-libvirt-host.html#virCPUCompareResult.
public enum CPUComparison: Sendable, Hashable {
  /// It lacks something of the other.
  case incompatible
  /// They are the same.
  case identical
  /// It has all of the other, and more.
  case superset
  /// An answer that this version does not know.
  case unknown(Int32)

  init(_ number: Int32) {
    self =
      switch virCPUCompareResult(rawValue: number) {
      case VIR_CPU_COMPARE_INCOMPATIBLE: .incompatible
      case VIR_CPU_COMPARE_IDENTICAL: .identical
      case VIR_CPU_COMPARE_SUPERSET: .superset
      default: .unknown(number)
      }
  }
}
