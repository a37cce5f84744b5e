/// How alike two words are; for suggestions after a misspelling.
package enum EditDistance {
  /// The smallest number of letters to put in, take out, change or swap with a neighbour to make one word the other.
  package static func between(_ first: String, _ second: String) -> Int {
    let a = Array(first.unicodeScalars)
    let b = Array(second.unicodeScalars)
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in 1...a.count {
      var row = [i] + Array(repeating: 0, count: b.count)
      for j in 1...b.count {
        let change = a[i - 1] == b[j - 1] ? 0 : 1
        row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + change)
        if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
          row[j] = min(row[j], beforeLast[j - 2] + 1)
        }
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }

  /// The word of `choices` that `word` was probably meant to be, or nil where none is near.
  ///
  /// Words of more than 64 letters are left alone: a hostile one would cost time, and nobody mistypes so.
  package static func nearest(to word: String, in choices: some Sequence<String>) -> String? {
    guard word.unicodeScalars.count <= 64 else { return nil }
    let allowed = max(1, word.unicodeScalars.count / 3)
    return
      choices
      .map { (choice: $0, distance: between(word.lowercased(), $0.lowercased())) }
      .filter { $0.distance <= allowed }
      .min { ($0.distance, $0.choice) < ($1.distance, $1.choice) }?.choice
  }
}
