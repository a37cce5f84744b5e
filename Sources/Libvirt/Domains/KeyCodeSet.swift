/// What the numbers of keys mean, see https://libvirt.org/html/libvirt-libvirt-domain.html#virKeycodeSet.
public enum KeyCodeSet: UInt32, Sendable, CaseIterable {
  /// Linux's, of linux/input-event-codes.h.
  case linux = 0
  /// The XT's.
  case xt = 1
  /// The AT's first set.
  case at1 = 2
  /// The AT's second set.
  case at2 = 3
  /// The AT's third set.
  case at3 = 4
  /// macOS'.
  case macOS = 5
  /// Those of Linux' XT keyboard driver.
  case xtKeyboard = 6
  /// USB's.
  case usb = 7
  /// Windows'.
  case windows = 8
  /// QEMU's own, which VNC's extension uses.
  case qnum = 9
}
