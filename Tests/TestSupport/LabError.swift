/// Why a test could not go on.
package struct LabError: Error, CustomStringConvertible {
  /// The reason.
  package let description: String

  /// Makes an error of its reason.
  package init(_ description: String) {
    self.description = description
  }
}
