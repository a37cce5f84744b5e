/// A word of libvirt's: the known ones have names, any other is kept as it was read.
///
/// Compare or switch over the known ones with a `default` for those that a later libvirt brings.
public protocol OpenEnum: RawRepresentable, Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral
where RawValue == String {
  /// Takes the word as it stands in the XML.
  init(rawValue: String)
}

extension OpenEnum {
  /// Takes the word as it stands in the XML.
  public init(_ word: String) { self.init(rawValue: word) }
  /// Takes the word as it stands in the XML.
  public init(stringLiteral word: String) { self.init(rawValue: word) }
  /// The word as it stands in the XML.
  public var description: String { rawValue }
  /// A word that has no name here.
  public static func other(_ word: String) -> Self { Self(rawValue: word) }
}
