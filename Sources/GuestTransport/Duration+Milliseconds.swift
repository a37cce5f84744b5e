extension Duration {
  /// The whole milliseconds, of which messages have numbers; the nearest number there is for what is beyond.
  package var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflows) = seconds.multipliedReportingOverflow(by: 1_000)
    guard !overflows else { return seconds < 0 ? .min : .max }
    return whole + attoseconds / 1_000_000_000_000_000
  }
}
