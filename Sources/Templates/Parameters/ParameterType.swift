/// The type of a template's parameter.
package enum ParameterType: String, Sendable, Hashable, CaseIterable {
  /// Any single line of text.
  case string
  /// A whole number, with `minimum` and `maximum`.
  case integer
  /// A size with its unit, with `minimum` and `maximum`.
  case size
  /// `true` or `false`.
  case boolean
  /// One of `choices`.
  case choice
  /// A path: as a default it begins at the template's folder, on the command line at the working folder.
  case path
}
