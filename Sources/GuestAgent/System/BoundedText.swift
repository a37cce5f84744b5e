extension String {
  /// At most so many of its Unicode scalars; a character alone could have any number of them.
  func bounded(_ count: Int) -> String {
    String(String.UnicodeScalarView(unicodeScalars.prefix(count)))
  }
}
