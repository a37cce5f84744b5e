/// Hints for a misspelt name.
package enum NearestName {
  /// A hint that names the nearest candidate, or else all of them when they are few.
  package static func hint(for name: String, among candidates: [String]) -> String? {
    if let nearest = suggestion(for: name, among: candidates) { return nearest }
    guard !candidates.isEmpty, candidates.count <= 16 else { return nil }
    return "known are: \(candidates.joined(separator: ", "))"
  }

  /// A hint that names the nearest candidate, if one is near enough to have been meant.
  package static func suggestion(for name: String, among candidates: [String]) -> String? {
    // One letter is near to every other one.
    guard name.unicodeScalars.count > 1 else { return nil }
    return EditDistance.nearest(to: name, in: candidates).map { "did you mean '\($0)'?" }
  }
}
