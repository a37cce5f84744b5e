import CLibvirt

/// Owns one reference to an object of libvirt and gives it back at the end.
///
/// libvirt's objects count their references atomically and lock themselves, so they may be used from any thread: so this
/// may be shared. See https://libvirt.org/api.html#objects.
final class Handle: @unchecked Sendable {
  let pointer: OpaquePointer
  private let free: @Sendable (OpaquePointer) -> Void

  /// Takes over the caller's reference, to be given back by `free`.
  init(_ pointer: OpaquePointer, free: @escaping @Sendable (OpaquePointer) -> Void) {
    self.pointer = pointer
    self.free = free
  }

  deinit {
    // Whatever goes last ends the connection that it came from, and that is told to the daemon.
    Thread.withoutBrokenPipes { free(pointer) }
  }
}
