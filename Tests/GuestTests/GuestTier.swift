import LibvirtTestSupport
import Testing

/// The tests with real guests, one after the other: QEMU's emulation takes all the processors that there are.
///
/// Skipped, with the reason, where no libvirtd of one's own can be run.
@Suite(
  .serialized, .timeLimit(.minutes(60)),
  .enabled(if: PrivateLibvirtd.obstacle == nil, Comment(rawValue: PrivateLibvirtd.obstacle ?? "")))
enum GuestTier {}
