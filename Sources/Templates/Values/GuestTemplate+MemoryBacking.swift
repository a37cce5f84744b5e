extension GuestTemplate {
  /// Where a guest's memory comes from, <https://libvirt.org/formatdomain.html#memory-backing>.
  package struct MemoryBacking: Sendable, Equatable {
    /// The kind of memory.
    package enum Source: String, Sendable, CaseIterable {
      /// Ordinary memory of the QEMU process.
      case anonymous
      /// A memfd: can be shared and can have huge pages without a hugetlbfs mount.
      case memfd
    }

    /// The size of a guest's memory pages on the host.
    package enum HugePages: Sendable, Equatable {
      /// Ordinary pages.
      case off
      /// Huge pages of the host's default size.
      case defaultSize
      /// Huge pages of this size.
      case size(ByteSize)
    }

    /// The kind of memory.
    package var source: Source
    /// Whether other processes may map the memory; vhost-user needs it.
    package var shared: Bool
    /// Huge pages; only with ``Source/memfd``.
    package var hugePages: HugePages
    /// Whether the memory is locked, so that it never goes to swap.
    package var locked: Bool
  }
}
