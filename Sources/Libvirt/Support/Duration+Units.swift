extension Duration {
  /// The seconds as libvirt takes them, rounded up, since it takes none for something else; none for what is negative.
  var wholeSeconds: UInt32 {
    let whole = UInt32(clamping: components.seconds)
    return components.attoseconds > 0 && whole < .max ? whole + 1 : whole
  }

  /// The milliseconds as libvirt takes them, rounded up likewise.
  var wholeMilliseconds: UInt64 {
    guard self > .zero else { return 0 }
    let unit: Int64 = 1_000_000_000_000_000
    let part = UInt64((components.attoseconds + unit - 1) / unit)
    let (whole, overflows) = UInt64(components.seconds).multipliedReportingOverflow(by: 1_000)
    return overflows || whole > .max - part ? .max : whole + part
  }
}
