/// The keys of `boot`.
enum BootKeys {
  static let kernel = Key(
    "kernel", Codec.optional(.path), default: nil, "The kernel to boot directly, instead of what is on a disk.")
  static let initramfs = Key(
    "initramfs", Codec.optional(.path), default: nil, "The initramfs that goes with the kernel.")
  static let cmdline = Key(
    "cmdline", .text(), default: "", "The kernel's command line; with 'image' it is added to the image's own.")

  static let table = KeyTable(
    "boot", [kernel.description, initramfs.description, cmdline.description]
  ) { map in
    guard map.has(initramfs), !map.has(kernel) else { return [] }
    return [TemplateError("An initramfs needs a kernel", at: map.place(of: initramfs), hint: "add 'kernel'")]
  }

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.Boot {
    GuestTemplate.Boot(kernel: map[kernel], initramfs: map[initramfs], cmdline: map[cmdline])
  }
}
