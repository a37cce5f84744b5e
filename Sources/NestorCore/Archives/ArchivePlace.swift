/// Where an archive goes to, or comes from.
package enum ArchivePlace: Sendable, Equatable {
  /// The file at a path.
  case file(String)
  /// Standard output, or standard input.
  case standardStream

  /// Its name in messages about what comes from it.
  var shown: String {
    switch self {
    case .file(let path): "'\(path)'"
    case .standardStream: "standard input"
    }
  }
}
