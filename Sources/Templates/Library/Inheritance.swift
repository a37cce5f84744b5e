/// Follows `extends` and lays the files over each other.
///
/// The order is that of a walk in which each template comes after all that it extends, in the order in which it names
/// them; a template that is reached on several ways counts once, where it is reached first.
struct Inheritance {
  /// The longest chain of templates that extend each other.
  static let maximumDepth = 16
  /// The most templates that one builds on.
  static let maximumCount = 64

  let library: TemplateLibrary
  /// The templates from the bottom up; the last is the one that was asked for.
  private(set) var layers: [TemplateSource] = []
  /// The files on the way from the one that was asked for, each with the place that led to it.
  private var chain: [(file: String, name: String, place: SourceLocation?)] = []
  private var done: Set<String> = []

  init(of source: TemplateSource, in library: TemplateLibrary) throws(TemplateErrors) {
    self.library = library
    try visit(source, from: nil)
  }

  private mutating func visit(_ source: TemplateSource, from place: SourceLocation?) throws(TemplateErrors) {
    let identity = FilePath.canonical(source.file)
    chain.append((identity, source.name, place))
    for parent in source.parents {
      let file: String
      do throws(TemplateError) {
        file = try library.find(parent, from: source.file)
      } catch {
        throw TemplateErrors([error])
      }
      let parentIdentity = FilePath.canonical(file)
      if let start = chain.firstIndex(where: { $0.file == parentIdentity }) {
        throw TemplateErrors([cycle(from: start, closedBy: parent)])
      }
      if done.contains(parentIdentity) { continue }
      guard chain.count < Self.maximumDepth else {
        throw TemplateErrors([
          TemplateError(
            "Templates extend each other over more than \(Self.maximumDepth) levels", at: parent.location,
            hint: chain.map(\.name).joined(separator: " > "))
        ])
      }
      guard done.count + chain.count < Self.maximumCount else {
        throw TemplateErrors([
          TemplateError("The template builds on more than \(Self.maximumCount) others", at: parent.location)
        ])
      }
      try visit(try TemplateSource(file: file), from: parent.location)
    }
    chain.removeLast()
    done.insert(identity)
    layers.append(source)
  }

  private func cycle(from start: Int, closedBy parent: TemplateSource.Parent) -> TemplateError {
    var steps: [String] = []
    for (index, link) in chain.enumerated() where index >= start {
      let next = index + 1 < chain.count ? chain[index + 1].place : parent.location
      steps.append("'\(link.name)' (\(next?.description ?? link.file))")
    }
    steps.append("'\(chain[start].name)'")
    return TemplateError(
      "Templates extend each other in a circle: \(steps.joined(separator: " > "))", at: parent.location,
      hint: "take one of these 'extends' away")
  }

  /// All layers as one document: maps are joined key by key, everything else is replaced by the upper layer.
  var merged: LocatedNode {
    var result = LocatedNode(content: .mapping([]), location: SourceLocation(file: ""))
    for layer in layers {
      result = Self.merge(layer.root, over: result)
    }
    return result
  }

  private static func merge(_ upper: LocatedNode, over lower: LocatedNode) -> LocatedNode {
    guard case .mapping(let upperEntries) = upper.content, case .mapping(var entries) = lower.content else {
      return upper
    }
    var index: [String: Int] = [:]
    for (position, entry) in entries.enumerated() { index[entry.key] = position }
    for entry in upperEntries {
      if let position = index[entry.key] {
        entries[position] = LocatedNode.Entry(
          key: entry.key, keyLocation: entry.keyLocation, value: merge(entry.value, over: entries[position].value))
      } else {
        index[entry.key] = entries.count
        entries.append(entry)
      }
    }
    return LocatedNode(content: .mapping(entries), location: upper.location)
  }
}
