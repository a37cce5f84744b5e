extension String {
  /// The parts of `KEY=VALUE` on both sides of its first `=`; nil without one, and without a key.
  package var keyAndValue: (key: String, value: String)? {
    guard let sign = firstIndex(of: "="), sign != startIndex else { return nil }
    return (String(self[..<sign]), String(self[index(after: sign)...]))
  }
}
