import LibvirtTestSupport
import Testing

extension Trait where Self == ConditionTrait {
  /// Skips with the reason where no libvirtd of one's own can be run.
  static var privateLibvirtd: Self {
    .enabled(if: PrivateLibvirtd.obstacle == nil, Comment(rawValue: PrivateLibvirtd.obstacle ?? ""))
  }
}
