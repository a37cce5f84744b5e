/// What differs between two documents, as a unified diff of their canonical forms: indented by two spaces, attributes
/// in the order of their names, no comments. So it shows what libvirt changed, and not how it wrote it down.
public struct XMLDifference: Sendable, Equatable {
  /// A line of the diff.
  public struct Line: Sendable, Equatable, CustomStringConvertible {
    /// Whether the line is in both documents or in one.
    public enum Kind: String, Sendable {
      /// In both.
      case same = " "
      /// In the old one alone.
      case removed = "-"
      /// In the new one alone.
      case added = "+"
    }

    /// Where the line is.
    public var kind: Kind
    /// The line without its end.
    public var text: String

    /// The line with its mark in front.
    public var description: String { kind.rawValue + text }
  }

  /// Every line of both documents, in order.
  public var lines: [Line]

  /// Whether the documents say the same.
  public var isEmpty: Bool { !lines.contains { $0.kind != .same } }

  /// Compares two documents.
  ///
  /// - Throws: ``DomainXMLError`` when one of them is not XML or is larger than the limits.
  public init(old: String, new: String, limits: XMLLimits = .standard) throws(DomainXMLError) {
    let old = try XMLTree(parsing: old, limits: limits).canonical.serialized(limits: limits)
    let new = try XMLTree(parsing: new, limits: limits).canonical.serialized(limits: limits)
    lines = Self.compare(Self.split(old), Self.split(new))
  }

  /// The diff in the unified form, with so many lines around each change; empty where nothing differs.
  public func unified(context: Int = 3) -> String {
    var text = ""
    var keep = Array(repeating: false, count: lines.count)
    let context = max(0, min(context, lines.count))
    for (index, line) in lines.enumerated() where line.kind != .same {
      for near in max(0, index - context)...min(lines.count - 1, index + context) { keep[near] = true }
    }
    var old = 1
    var new = 1
    var index = 0
    while index < lines.count {
      guard keep[index] else {
        old += 1
        new += 1
        index += 1
        continue
      }
      let end = keep[index...].firstIndex(of: false) ?? lines.count
      let hunk = lines[index..<end]
      let oldCount = hunk.count { $0.kind != .added }
      let newCount = hunk.count { $0.kind != .removed }
      // A hunk without lines of a document names the line before it, as diff does.
      text += "@@ -\(oldCount == 0 ? old - 1 : old),\(oldCount) +\(newCount == 0 ? new - 1 : new),\(newCount) @@\n"
      for line in hunk { text += line.description + "\n" }
      old += oldCount
      new += newCount
      index = end
    }
    return text
  }

  private static func split(_ text: String) -> [Substring] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  /// How many pairs of lines are compared at most; beyond that what lies between the equal ends is one change.
  private static let mostPairs = 16_000_000

  /// The longest common subsequence, after the equal lines at both ends are set aside.
  private static func compare(_ old: [Substring], _ new: [Substring]) -> [Line] {
    var start = 0
    while start < old.count, start < new.count, old[start] == new[start] { start += 1 }
    var end = 0
    while end < old.count - start, end < new.count - start, old[old.count - 1 - end] == new[new.count - 1 - end] {
      end += 1
    }
    let left = Array(old[start..<(old.count - end)])
    let right = Array(new[start..<(new.count - end)])
    var lines = old[..<start].map { Line(kind: .same, text: String($0)) }
    lines += left.count * right.count <= mostPairs ? table(left, right) : replace(left, right)
    lines += old[(old.count - end)...].map { Line(kind: .same, text: String($0)) }
    return lines
  }

  private static func replace(_ left: [Substring], _ right: [Substring]) -> [Line] {
    left.map { Line(kind: .removed, text: String($0)) } + right.map { Line(kind: .added, text: String($0)) }
  }

  private static func table(_ left: [Substring], _ right: [Substring]) -> [Line] {
    guard !left.isEmpty, !right.isEmpty else { return replace(left, right) }
    let width = right.count + 1
    var lengths = [Int32](repeating: 0, count: (left.count + 1) * width)
    for row in stride(from: left.count - 1, through: 0, by: -1) {
      for column in stride(from: right.count - 1, through: 0, by: -1) {
        lengths[row * width + column] =
          left[row] == right[column]
          ? lengths[(row + 1) * width + column + 1] + 1
          : max(lengths[(row + 1) * width + column], lengths[row * width + column + 1])
      }
    }
    var lines: [Line] = []
    var row = 0
    var column = 0
    while row < left.count, column < right.count {
      if left[row] == right[column] {
        lines.append(Line(kind: .same, text: String(left[row])))
        row += 1
        column += 1
      } else if lengths[(row + 1) * width + column] >= lengths[row * width + column + 1] {
        lines.append(Line(kind: .removed, text: String(left[row])))
        row += 1
      } else {
        lines.append(Line(kind: .added, text: String(right[column])))
        column += 1
      }
    }
    return lines + replace(Array(left[row...]), Array(right[column...]))
  }
}

extension XMLTree {
  /// The same document with attributes and declarations in the order of their names, and without comments.
  var canonical: XMLTree {
    var copy = XMLTree(name)
    copy.namespaces = namespaces.sorted { $0.prefix < $1.prefix }
    copy.attributes = attributes.sorted { $0.name < $1.name }
    copy.children = children.compactMap { child in
      switch child {
      case .element(let element): .element(element.canonical)
      case .comment: nil
      default: child
      }
    }
    return copy
  }
}
