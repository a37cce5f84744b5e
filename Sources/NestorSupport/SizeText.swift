/// Sizes as people read them.
package enum SizeText {
  /// A size in the largest binary unit in which it is at least 1, with one decimal place where it is not whole, rounded
  /// down; a negative size, of a file that could not be looked at, is none.
  package static func short(_ size: some BinaryInteger) -> String {
    let bytes = UInt64(clamping: size)
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    var unit = 0
    var divisor: UInt64 = 1
    while unit < units.count - 1, bytes / divisor >= 1024 {
      divisor *= 1024
      unit += 1
    }
    let tenths = bytes / divisor * 10 + bytes % divisor * 10 / divisor
    let number = tenths % 10 == 0 || unit == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    return "\(number) \(units[unit])"
  }
}
