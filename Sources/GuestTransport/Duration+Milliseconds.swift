extension Duration {
  /// The whole milliseconds, as messages carry them; the nearest number that there is for what is beyond.
  package var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    guard seconds.magnitude < Int64.max.magnitude / 1_000 else { return seconds < 0 ? .min : .max }
    return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
  }
}
