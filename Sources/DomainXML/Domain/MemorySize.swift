/// An amount of memory in bytes.
public struct MemorySize: Sendable, Hashable, Comparable {
  /// The amount in bytes.
  public var bytes: UInt64

  /// An amount in bytes.
  public init(bytes: UInt64) { self.bytes = bytes }

  /// An amount in bytes.
  public static func bytes(_ count: UInt64) -> Self { Self(bytes: count) }
  /// An amount in KiB, at most what 64 bits of bytes hold.
  public static func kibibytes(_ count: UInt64) -> Self { scaled(count, by: 1 << 10) }
  /// An amount in MiB, at most what 64 bits of bytes hold.
  public static func mebibytes(_ count: UInt64) -> Self { scaled(count, by: 1 << 20) }
  /// An amount in GiB, at most what 64 bits of bytes hold.
  public static func gibibytes(_ count: UInt64) -> Self { scaled(count, by: 1 << 30) }

  private static func scaled(_ count: UInt64, by factor: UInt64) -> Self {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: factor)
    return Self(bytes: overflow ? .max : bytes)
  }

  /// Whether the left amount is the smaller one.
  public static func < (left: Self, right: Self) -> Bool { left.bytes < right.bytes }
}

extension MemorySize: CustomStringConvertible {
  /// The amount in the largest unit that divides it, like `512 MiB`.
  public var description: String {
    for (shift, unit) in [(40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")] as [(UInt64, String)]
    where bytes != 0 && bytes % (1 << shift) == 0 {
      return "\(bytes >> shift) \(unit)"
    }
    return "\(bytes) bytes"
  }
}

extension MemorySize {
  /// The factors of libvirt's units (https://libvirt.org/formatdomain.html#memory-allocation); letters of either case.
  private static func factor(of unit: String) -> UInt64? {
    switch unit.lowercased() {
    case "b", "byte", "bytes": 1
    case "kb": 1_000
    case "k", "kib": 1 << 10
    case "mb": 1_000_000
    case "m", "mib": 1 << 20
    case "gb": 1_000_000_000
    case "g", "gib": 1 << 30
    case "tb": 1_000_000_000_000
    case "t", "tib": 1 << 40
    case "pb": 1_000_000_000_000_000
    case "p", "pib": 1 << 50
    case "eb": 1_000_000_000_000_000_000
    case "e", "eib": 1 << 60
    default: nil
    }
  }

  /// Takes the amount of an element and its unit; libvirt's default for memory is KiB.
  static func read(_ reader: inout XMLReader, unit attribute: String = "unit") throws(DomainXMLError) -> MemorySize {
    let count: UInt64 = try reader.number(reader.text())
    return try amount(count, &reader, unit: attribute)
  }

  static func amount(
    _ count: UInt64, _ reader: inout XMLReader, unit attribute: String
  ) throws(DomainXMLError) -> MemorySize {
    let unit = reader.attribute(attribute) ?? "KiB"
    guard let factor = factor(of: unit) else {
      throw reader.invalid(unit, at: "/@" + attribute, expected: "a unit of memory such as KiB, MiB or GiB")
    }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: factor)
    guard !overflow else { throw reader.invalid("\(count) \(unit)", expected: "less than 16 EiB") }
    return MemorySize(bytes: bytes)
  }

  /// The amount in KiB where that is exact, else in bytes.
  var written: (count: UInt64, unit: String) {
    bytes % 1024 == 0 ? (bytes / 1024, "KiB") : (bytes, "bytes")
  }

  func element(_ name: String) -> XMLTree {
    let (count, unit) = written
    return XMLTree(name, text: String(count), attributes: [XMLTree.Attribute("unit", unit)])
  }
}
