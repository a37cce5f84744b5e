/// A number of bytes, written with its unit.
///
/// The units are libvirt's (<https://libvirt.org/formatdomain.html#memory-allocation>): `B`; `KiB`, `MiB`, `GiB`, `TiB`,
/// `PiB`, `EiB` and, meaning the same, `K`, `M`, `G`, `T`, `P`, `E`, in powers of 1024; `KB`, `MB`, `GB`, `TB`, `PB`,
/// `EB` in powers of 1000. A number without a unit is refused, since some tools would take it for bytes, others for KiB
/// or MiB; so are fractions (write `1536MiB` for one and a half GiB).
package struct ByteSize: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The number of bytes.
  package var bytes: UInt64

  /// A size of so many bytes.
  package init(bytes: UInt64) {
    self.bytes = bytes
  }

  /// A size of so many KiB; the largest possible size where that overflows.
  package static func kibibytes(_ count: UInt64) -> ByteSize { scaled(count, 10) }
  /// A size of so many MiB; the largest possible size where that overflows.
  package static func mebibytes(_ count: UInt64) -> ByteSize { scaled(count, 20) }
  /// A size of so many GiB; the largest possible size where that overflows.
  package static func gibibytes(_ count: UInt64) -> ByteSize { scaled(count, 30) }
  /// A size of so many TiB; the largest possible size where that overflows.
  package static func tebibytes(_ count: UInt64) -> ByteSize { scaled(count, 40) }

  private static func scaled(_ count: UInt64, _ shift: UInt64) -> ByteSize {
    let (product, overflow) = count.multipliedReportingOverflow(by: 1 << shift)
    return ByteSize(bytes: overflow ? .max : product)
  }

  static let units: [(name: String, factor: UInt64)] = {
    var units: [(String, UInt64)] = [("B", 1)]
    var binary: UInt64 = 1
    var decimal: UInt64 = 1
    for letter in ["K", "M", "G", "T", "P", "E"] {
      binary *= 1024
      decimal *= 1000
      units += [(letter + "iB", binary), (letter, binary), (letter + "B", decimal)]
    }
    return units
  }()

  /// Reads `512MiB`, `10G`, `4096B`. At most one space may stand before the unit.
  ///
  /// - Throws: ``ByteSizeError`` that says what is wrong.
  package init(parsing text: String) throws(ByteSizeError) {
    let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard !digits.isEmpty, let number = String(digits) else {
      let reason: ByteSizeError.Reason = text.utf8.first == UInt8(ascii: "-") ? .negative : .notASize
      throw ByteSizeError(text: text, reason: reason)
    }
    var rest = text.utf8.dropFirst(digits.count)
    if rest.first == UInt8(ascii: " ") { rest = rest.dropFirst() }
    let unit = String(Substring(rest))
    guard !unit.isEmpty else { throw ByteSizeError(text: text, reason: .noUnit) }
    if unit.hasPrefix(".") || unit.hasPrefix(",") { throw ByteSizeError(text: text, reason: .fraction) }
    guard let factor = Self.units.first(where: { $0.name == unit })?.factor else {
      throw ByteSizeError(text: text, reason: .unknownUnit(unit))
    }
    guard let count = UInt64(number) else { throw ByteSizeError(text: text, reason: .tooLarge) }
    let (product, overflow) = count.multipliedReportingOverflow(by: factor)
    guard !overflow else { throw ByteSizeError(text: text, reason: .tooLarge) }
    bytes = product
  }

  /// The size in the largest binary unit that is exact: `512MiB`, `1GiB`, `1000B`.
  package var description: String {
    var best = (factor: UInt64(1), name: "B")
    guard bytes > 0 else { return "0B" }
    for unit in Self.units where unit.name.hasSuffix("iB") && bytes % unit.factor == 0 {
      best = (unit.factor, unit.name)
    }
    return "\(bytes / best.factor)\(best.name)"
  }

  /// Orders by the number of bytes.
  package static func < (left: ByteSize, right: ByteSize) -> Bool { left.bytes < right.bytes }
}
