import NestorSupport

/// One side of a copy as the user writes it: a path here, `-`, or `NAME:PATH` in a guest.
enum GuestPath: Equatable, Sendable {
  /// A file or folder on this side.
  case local(String)
  /// Standard input or output.
  case standard
  /// A file or folder in a guest.
  case guest(name: String, path: String)

  /// Reads what the user wrote; a path with a colon on this side is written with a slash in front of it, as `./a:b`.
  init(parsing text: String) throws {
    if text == "-" {
      self = .standard
      return
    }
    guard !text.isEmpty else {
      throw NestorError(.invalidArgument, "a path is empty", hint: "a path here, NAME:PATH in a guest, or -")
    }
    let name = text.prefix { $0 != ":" && $0 != "/" }
    guard name.endIndex < text.endIndex, text[name.endIndex] == ":" else {
      self = .local(text)
      return
    }
    let path = String(text[text.index(after: name.endIndex)...])
    guard !name.isEmpty else {
      throw NestorError(
        .invalidArgument, "'\(text)' names no guest", hint: "NAME:PATH; a file here whose name begins so is ./\(text)")
    }
    // As with scp, a guest alone is its root's home.
    self = .guest(name: String(name), path: path.isEmpty ? "." : path)
  }
}
