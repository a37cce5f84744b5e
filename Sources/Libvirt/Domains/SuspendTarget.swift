/// Where a guest goes to sleep, see https://libvirt.org/html/libvirt-libvirt-host.html#virNodeSuspendTarget.
public enum SuspendTarget: UInt32, Sendable, CaseIterable {
  /// Memory.
  case memory = 0
  /// Disk.
  case disk = 1
  /// Both.
  case hybrid = 2
}
