/// A version of libvirt or of a hypervisor.
public struct Version: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The first number.
  public let major: Int
  /// The second number.
  public let minor: Int
  /// The third number.
  public let release: Int

  /// Makes a version of its numbers.
  public init(_ major: Int, _ minor: Int, _ release: Int = 0) {
    self.major = major
    self.minor = minor
    self.release = release
  }

  /// libvirt packs the three numbers into one, a thousand apart.
  init(number: UInt) {
    self.init(Int(number / 1_000_000), Int(number / 1000 % 1000), Int(number % 1000))
  }

  /// By the first number that differs.
  public static func < (left: Version, right: Version) -> Bool {
    (left.major, left.minor, left.release) < (right.major, right.minor, right.release)
  }

  /// The numbers with dots between them.
  public var description: String { "\(major).\(minor).\(release)" }
}
