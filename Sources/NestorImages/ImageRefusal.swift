import NestorSupport

/// Why a file is not taken for an image.
struct ImageRefusal: Error, Equatable {
  /// What is wrong with it.
  let reason: String
  /// What its owner can do.
  let hint: String?

  init(_ reason: String, hint: String? = nil) {
    self.reason = reason
    self.hint = hint
  }

  /// The refusal as the user meets it.
  func explained(_ file: String) -> NestorError {
    NestorError(.corrupted, "'\(file)' is refused as an image", cause: reason, hint: hint)
  }
}
