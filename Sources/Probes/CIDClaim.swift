import Synchronization

/// A vsock context ID that nobody else can have until this claim is released or forgotten.
///
/// Release it right before the guest that is to have it starts: the claim stands in that guest's way like any other.
package final class CIDClaim: Sendable {
  /// The context ID.
  package let cid: UInt32

  private let descriptor: Mutex<OwnedDescriptor?>

  init(cid: UInt32, descriptor: consuming OwnedDescriptor) {
    self.cid = cid
    self.descriptor = Mutex(descriptor)
  }

  /// Gives the context ID up. Doing so again does nothing. Any thread may call it.
  package func release() {
    descriptor.withLock { $0 = nil }
  }
}
