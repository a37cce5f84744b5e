import NestorSupport
import Templates

/// A file of checksums, as distributions put one beside their images.
struct ChecksumList {
  private let lines: [Substring]

  init(_ text: String) {
    lines = text.split(whereSeparator: \.isNewline)
  }

  /// The checksum of a file by its name; nil where there is none.
  ///
  /// Without a form, each is tried. Of several checksums of the file the one of the longest kind counts; two that
  /// contradict each other count as none.
  func checksum(of file: String, _ form: CatalogueEntry.ChecksumForm?) -> Checksum? {
    let forms = form.map { [$0] } ?? CatalogueEntry.ChecksumForm.allCases
    for form in forms {
      let found =
        switch form {
        case .gnu: lines.compactMap { Self.gnu($0, file) }
        case .bsd: lines.compactMap { Self.bsd($0, file) }
        case .single: single()
        }
      guard let longest = found.max(by: { $0.digits.utf8.count < $1.digits.utf8.count }) else { continue }
      return found.contains { $0.algorithm == longest.algorithm && $0 != longest } ? nil : longest
    }
    return nil
  }

  /// `DIGITS  NAME`, or with `*` before the name for files read in binary; the name may have folders in front.
  private static func gnu(_ line: Substring, _ file: String) -> Checksum? {
    guard let space = line.firstIndex(of: " ") else { return nil }
    var name = line[line.index(after: space)...]
    guard name.first == " " || name.first == "*" else { return nil }
    name = name.dropFirst()
    if name.hasPrefix("./") { name = name.dropFirst(2) }
    guard name == file else { return nil }
    return try? Checksum(String(line[..<space]))
  }

  /// `SHA256 (NAME) = DIGITS`
  private static func bsd(_ line: Substring, _ file: String) -> Checksum? {
    for algorithm in Checksum.Algorithm.allCases {
      let start = "\(algorithm.rawValue.uppercased()) (\(file)) = "
      if line.hasPrefix(start) { return try? Checksum(String(line.dropFirst(start.count)), algorithm) }
    }
    return nil
  }

  private func single() -> [Checksum] {
    guard lines.count == 1, let word = lines[0].split(separator: " ").first else { return [] }
    return (try? Checksum(String(word))).map { [$0] } ?? []
  }
}
