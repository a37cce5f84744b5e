/// Where an archive goes to, or comes from.
package enum ArchivePlace: Sendable, Equatable {
  case file(String)
  /// Standard output, or standard input.
  case standardStream

  /// Its name in messages.
  var shown: String {
    switch self {
    case .file(let path): "'\(path)'"
    case .standardStream: "standard input"
    }
  }
}
