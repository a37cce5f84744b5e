/// How large and how deep a document may be before it is refused.
public struct XMLLimits: Sendable, Equatable {
  /// The largest document read or written, in bytes of UTF-8. One larger than `Int32.max` counts as that.
  public var maximumBytes: Int
  /// How many elements may lie within each other. libxml2 itself stops at 256.
  public var maximumDepth: Int

  /// Makes limits.
  public init(maximumBytes: Int = 4 << 20, maximumDepth: Int = 200) {
    self.maximumBytes = maximumBytes
    self.maximumDepth = maximumDepth
  }

  /// 4 MiB and 200 levels: many times what libvirt writes for the largest guest.
  public static let standard = XMLLimits()
}
