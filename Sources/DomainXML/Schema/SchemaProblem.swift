/// Something in a document that its schema does not allow.
public struct SchemaProblem: Sendable, Equatable, CustomStringConvertible {
  /// The line, from 1, where it is known.
  public var line: Int?
  /// The element or attribute, like `domain/devices/disk/@type`, where it is known.
  public var path: String?
  /// What is wrong.
  public var message: String

  /// Makes one.
  public init(line: Int?, path: String?, message: String) {
    self.line = line
    self.path = path
    self.message = message
  }

  /// The problem in one line.
  public var description: String {
    (line.map { "line \($0): " } ?? "") + message + (path.map { " (at \($0))" } ?? "")
  }

  init(_ report: LibXML.Report) {
    line = report.line > 0 ? report.line : nil
    path = nil
    message = report.message
    if let element = report.element {
      message += " (in <\(element)>" + (report.parent.map { " of <\($0)>" } ?? "") + ")"
    }
  }
}
