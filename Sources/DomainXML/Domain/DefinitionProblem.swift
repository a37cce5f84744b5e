/// Something in a definition that libvirt or the place where the guest shall run will refuse.
public struct DefinitionProblem: Sendable, Equatable, CustomStringConvertible {
  /// The element or attribute concerned, like `domain/name`.
  public var path: String
  /// What is wrong and why.
  public var message: String
  /// What to do instead.
  public var remedy: String

  /// Makes one.
  public init(path: String, message: String, remedy: String) {
    self.path = path
    self.message = message
    self.remedy = remedy
  }

  /// The problem in one line.
  public var description: String { "\(path): \(message); \(remedy)" }
}
