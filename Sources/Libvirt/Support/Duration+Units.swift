extension Duration {
  /// A number of libvirt's; one that is beyond all reason is the longest time there is.
  init(nanoseconds: UInt64) { self = .nanoseconds(Int64(clamping: nanoseconds)) }

  /// A number of libvirt's; one that is beyond all reason is the longest time there is.
  init(milliseconds: UInt64) { self = .milliseconds(Int64(clamping: milliseconds)) }

  /// The whole milliseconds, as libvirt takes them; none for what is negative.
  var milliseconds: UInt64 {
    let (whole, overflows) = UInt64(clamping: components.seconds).multipliedReportingOverflow(by: 1_000)
    let rest = UInt64(clamping: components.attoseconds / 1_000_000_000_000_000)
    return overflows ? .max : whole + rest
  }
}
