/// Why a test could not go on.
public struct LabError: Error, CustomStringConvertible {
  /// The reason.
  public let description: String

  /// Makes an error of its reason.
  public init(_ description: String) {
    self.description = description
  }
}
