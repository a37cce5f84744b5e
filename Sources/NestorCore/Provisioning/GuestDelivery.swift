/// What a guest is handed besides its disks, and on which way: Nestor's agent with its key, and settings for cloud-init.
package struct GuestDelivery: Sendable, Equatable {
  /// The way into the guest.
  package enum Way: Sendable, Equatable {
    /// A second archive behind the initramfs that is named; both, and the kernel, then lie in the guest's folder.
    case initramfs(String, kernel: String)
    /// A read-only disk with the label `CIDATA` that cloud-init reads,
    /// https://docs.cloud-init.io/en/latest/reference/datasources/nocloud.html.
    case noCloud(SeedSettings)
  }

  /// The way into the guest.
  package let way: Way
  /// The program that becomes the guest's agent; nil where it gets none.
  package let agent: String?
}
