/// Flags of one of libvirt's enumerations, as a call takes them together.
public protocol FlagSet: OptionSet, Sendable where RawValue == UInt32 {}

extension FlagSet {
  /// The set with one flag of libvirt's headers.
  init(_ flag: some RawRepresentable<UInt32>) {
    self.init(rawValue: flag.rawValue)
  }
}
