import CLibvirt

/// Work on the files of a disk while the guest runs; `disk` is its target such as `vda`. Each of the calls that start a
/// job returns at once: wait for ``Connection/blockJobEvents(domain:)``, asked for beforehand.
extension Domain {
  /// Fills a disk's file with all that its backing files have, so that it needs them no longer.
  ///
  /// See https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainBlockPull.
  public func blockPull(_ disk: String) async throws {
    _ = try await call { try Calls.check("virDomainBlockPull", virDomainBlockPull($0, disk, 0, 0)) }
  }

  /// Merges a disk's files from `top` down into `base`, by their paths or indexes such as `vda[1]`. A `top` of nil is the
  /// topmost; a `base` of nil is the lowest, or with ``BlockCommitFlags/shallow`` the one right below.
  ///
  /// See https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainBlockCommit.
  public func blockCommit(
    _ disk: String, top: String? = nil, base: String? = nil, _ flags: BlockCommitFlags = []
  ) async throws {
    _ = try await call {
      try Calls.check("virDomainBlockCommit", virDomainBlockCommit($0, disk, base, top, 0, flags.rawValue))
    }
  }

  /// How far the block job of a disk is; nil where it has none.
  public func blockJobInfo(_ disk: String) async throws -> BlockJobInfo? {
    try await call { domain in
      var info = virDomainBlockJobInfo()
      let flags = UInt32(VIR_DOMAIN_BLOCK_JOB_INFO_BANDWIDTH_BYTES.rawValue)
      let found = try Calls.check(
        "virDomainGetBlockJobInfo", virDomainGetBlockJobInfo(domain, disk, &info, flags))
      return found == 0 ? nil : BlockJobInfo(info)
    }
  }

  /// Ends the block job of a disk. With `pivot`, a job that is ready ends by the guest using its new file; without, the
  /// guest keeps the old.
  public func abortBlockJob(_ disk: String, pivot: Bool = false) async throws {
    let flags = pivot ? UInt32(VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT.rawValue) : 0
    _ = try await call { try Calls.check("virDomainBlockJobAbort", virDomainBlockJobAbort($0, disk, flags)) }
  }

  /// Sets how fast the block job of a disk may be, in bytes a second; 0 takes the limit away.
  public func setBlockJobSpeed(_ disk: String, bytesPerSecond: UInt) async throws {
    let flags = UInt32(VIR_DOMAIN_BLOCK_JOB_SPEED_BANDWIDTH_BYTES.rawValue)
    _ = try await call {
      try Calls.check("virDomainBlockJobSetSpeed", virDomainBlockJobSetSpeed($0, disk, bytesPerSecond, flags))
    }
  }
}
