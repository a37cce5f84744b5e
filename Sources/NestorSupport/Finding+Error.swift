extension Finding {
  /// A failure for which a check could not do its work, with the error's hint as the remedy.
  package init(failing error: NestorError) {
    self.init(.fail, [error.message, error.cause].compactMap(\.self).joined(separator: ": "), remedy: error.hint)
  }
}
