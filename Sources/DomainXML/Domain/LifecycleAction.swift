/// What libvirt does when a guest stops in some way (https://libvirt.org/formatdomain.html#events-configuration).
public struct LifecycleAction: OpenEnum {
  /// The word as it stands in the XML.
  public let rawValue: String
  /// Takes the word as it stands in the XML.
  public init(rawValue: String) { self.rawValue = rawValue }
  /// The domain ends and its resources are freed.
  public static let destroy = Self("destroy")
  /// The domain starts again with the same configuration.
  public static let restart = Self("restart")
  /// The domain ends and its resources are kept.
  public static let preserve = Self("preserve")
  /// The domain starts again under a new name.
  public static let renameRestart = Self("rename-restart")
  /// The memory is dumped, then the domain ends.
  public static let coredumpDestroy = Self("coredump-destroy")
  /// The memory is dumped, then the domain starts again.
  public static let coredumpRestart = Self("coredump-restart")
}
