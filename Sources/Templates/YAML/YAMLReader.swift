import Yams

/// Turns YAML text into located nodes.
///
/// One document a file; aliases are followed within bounds; duplicate keys, merge keys (`<<`), tags and keys that are not
/// text are errors.
struct YAMLReader {
  /// The most nodes in a file, copies by aliases included.
  static let maximumNodes = 20_000
  /// The deepest nesting of lists and maps.
  static let maximumDepth = 32

  private let file: String
  private let lines: LineIndex
  private var nodes = 0
  private var problems: [TemplateError] = []

  private init(file: String, text: String) {
    self.file = file
    lines = LineIndex(text)
  }

  /// Reads a text; an empty one is an empty map.
  ///
  /// - Throws: ``TemplateErrors``.
  static func read(_ text: String, file: String) throws(TemplateErrors) -> LocatedNode {
    guard let root = try compose(text, file: file) else {
      return LocatedNode(content: .mapping([]), location: SourceLocation(file: file))
    }
    var reader = YAMLReader(file: file, text: text)
    let node = reader.convert(root, depth: 0)
    guard reader.problems.isEmpty, let node else { throw TemplateErrors(reader.problems) }
    return node
  }

  /// The text as the parser sees it, without the rules of templates; nil for an empty one.
  ///
  /// - Throws: ``TemplateErrors``.
  static func compose(_ text: String, file: String) throws(TemplateErrors) -> Node? {
    do throws(TemplateError) {
      try YAMLGuard.check(text, file: file)
    } catch {
      throw TemplateErrors([error])
    }
    do {
      // The basic resolver has no regular expressions: what a scalar means is decided here, by YAML 1.2's rules.
      return try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
    } catch let error as YamlError {
      throw TemplateErrors([YAMLReader(file: file, text: text).convert(error)])
    } catch {
      throw TemplateErrors([TemplateError("Cannot read the YAML: \(error)", at: SourceLocation(file: file))])
    }
  }

  private mutating func convert(_ node: Node, depth: Int) -> LocatedNode? {
    let place = location(of: node)
    nodes += 1
    guard nodes <= Self.maximumNodes else {
      if nodes == Self.maximumNodes + 1 {
        problems.append(TemplateError("The template has more than \(Self.maximumNodes) values", at: place))
      }
      return nil
    }
    guard depth <= Self.maximumDepth else {
      problems.append(TemplateError("The template is nested deeper than \(Self.maximumDepth) levels", at: place))
      return nil
    }
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain || scalar.style == .any
      switch scalar.tag.rawValue {
      case "", "!": return LocatedNode(content: .scalar(scalar.string, plain: isPlain), location: place)
      case "tag:yaml.org,2002:str": return LocatedNode(content: .scalar(scalar.string, plain: false), location: place)
      default: return refuseTag(scalar.tag, at: place)
      }
    case .sequence(let sequence):
      guard ["", "!", "tag:yaml.org,2002:seq"].contains(sequence.tag.rawValue) else {
        return refuseTag(sequence.tag, at: place)
      }
      return LocatedNode(content: .sequence(sequence.compactMap { convert($0, depth: depth + 1) }), location: place)
    case .mapping(let mapping):
      guard ["", "!", "tag:yaml.org,2002:map"].contains(mapping.tag.rawValue) else {
        return refuseTag(mapping.tag, at: place)
      }
      return convert(mapping, at: place, depth: depth)
    case .alias:
      return nil
    }
  }

  private mutating func convert(_ mapping: Node.Mapping, at place: SourceLocation, depth: Int) -> LocatedNode? {
    var entries: [LocatedNode.Entry] = []
    var first: [String: SourceLocation] = [:]
    for (keyNode, valueNode) in mapping {
      let keyPlace = location(of: keyNode)
      guard case .scalar(let scalar) = keyNode else {
        problems.append(TemplateError("A key must be a word, not a list or a map", at: keyPlace))
        continue
      }
      let key = scalar.string
      if key == "<<", scalar.style == .plain {
        problems.append(
          TemplateError(
            "Merge keys ('<<') are not read", at: keyPlace, hint: "use 'extends' to inherit from a template"))
        continue
      }
      if let earlier = first[key] {
        problems.append(
          TemplateError(
            "The key \(key.quoted) stands twice in one map", at: keyPlace,
            hint: "it stands first in line \(earlier.line)"))
        continue
      }
      first[key] = keyPlace
      guard let value = convert(valueNode, depth: depth + 1) else { continue }
      entries.append(LocatedNode.Entry(key: key, keyLocation: keyPlace, value: value))
    }
    return LocatedNode(content: .mapping(entries), location: place)
  }

  private mutating func refuseTag(_ tag: Tag, at place: SourceLocation) -> LocatedNode? {
    problems.append(
      TemplateError("The YAML tag \(tag.rawValue.quoted) is not read", at: place, hint: "leave the tag out"))
    return nil
  }

  private func location(of node: Node) -> SourceLocation {
    guard let mark = node.mark else { return SourceLocation(file: file) }
    return location(mark)
  }

  private func location(_ mark: Mark) -> SourceLocation {
    lines.clamp(SourceLocation(file: file, line: mark.line, column: mark.column))
  }

  private func convert(_ error: YamlError) -> TemplateError {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let place = location(mark)
      if lines.scalar(at: place) == "\t" {
        return TemplateError("A tab cannot indent YAML", at: place, hint: "use spaces")
      }
      if problem.contains("nesting level") {
        return TemplateError("The template is nested deeper than \(Self.maximumDepth) levels", at: place)
      }
      let found = context.map { " \($0.text)" } ?? ""
      return TemplateError("This is not YAML: \(problem)\(found)", at: place)
    case .duplicatedKeysInMapping(let duplicates, let context):
      let name = duplicates.first ?? ""
      return TemplateError("The key \(name.quoted) stands twice in one map", at: location(context.mark))
    case .reader(let problem, _, _, _):
      return TemplateError("This is not YAML: \(problem)", at: SourceLocation(file: file))
    default:
      return TemplateError("The YAML parser failed: \(error)", at: SourceLocation(file: file))
    }
  }
}
