extension GuestTemplate {
  /// Direct kernel boot, <https://libvirt.org/formatdomain.html#direct-kernel-boot>.
  package struct Boot: Sendable, Equatable {
    /// The kernel's absolute path; `nil` boots from the image or a disk.
    package var kernel: String?
    /// The initramfs's absolute path; only with ``kernel``.
    package var initramfs: String?
    /// The kernel's command line; with ``GuestTemplate/image`` it is added to the image's own.
    package var cmdline: String
  }
}
