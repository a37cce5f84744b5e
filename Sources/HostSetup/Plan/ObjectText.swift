/// An object's settings as lines, and what differs between two of them.
///
/// The lines are those of a YAML file whose names are in order, as `lxc profile show` prints it, so two objects compare
/// by their names and need no search for what moved.
struct ObjectText: Sendable {
  private struct Line {
    let path: [String]
    let text: String
  }

  private static let context = 3

  /// The whole object, every line with `mark` in front.
  static func whole(_ object: JSONValue, mark: String) -> String {
    lines(object).map { "\(mark)\($0.text)\n" }.joined()
  }

  /// A unified diff without line numbers, since the objects are no files; empty where nothing differs.
  static func difference(_ old: JSONValue, _ new: JSONValue) -> String {
    let merged = merge(lines(old), lines(new))
    guard merged.contains(where: { $0.mark != " " }) else { return "" }
    var keep = [Bool](repeating: false, count: merged.count)
    for (index, line) in merged.enumerated() where line.mark != " " {
      for near in max(0, index - context)...min(merged.count - 1, index + context) { keep[near] = true }
    }
    var text = ""
    for (index, line) in merged.enumerated() {
      if keep[index] {
        text += "\(line.mark)\(line.text)\n"
      } else if index == 0 || keep[index - 1] {
        text += " …\n"
      }
    }
    return text
  }

  private static func merge(_ old: [Line], _ new: [Line]) -> [(mark: String, text: String)] {
    var merged: [(mark: String, text: String)] = []
    var left = old[...]
    var right = new[...]
    while let a = left.first, let b = right.first {
      if a.path == b.path {
        if a.text == b.text {
          merged.append((" ", a.text))
        } else {
          merged += [("-", a.text), ("+", b.text)]
        }
        left.removeFirst()
        right.removeFirst()
      } else if a.path.lexicographicallyPrecedes(b.path) {
        merged.append(("-", a.text))
        left.removeFirst()
      } else {
        merged.append(("+", b.text))
        right.removeFirst()
      }
    }
    return merged + left.map { ("-", $0.text) } + right.map { ("+", $0.text) }
  }

  private static func lines(_ value: JSONValue, _ path: [String] = []) -> [Line] {
    let indent = String(repeating: "  ", count: path.count)
    return value.fields.sorted { $0.key < $1.key }.flatMap { name, value -> [Line] in
      let here = path + [name]
      switch value {
      case .object(let fields) where !fields.isEmpty:
        return [Line(path: here, text: "\(indent)\(name):")] + lines(value, here)
      case .object: return [Line(path: here, text: "\(indent)\(name): {}")]
      case .string(let text): return [Line(path: here, text: "\(indent)\(name): \(quoted(text))")]
      default: return [Line(path: here, text: "\(indent)\(name): \((try? value.text()) ?? "")")]
      }
    }
  }

  /// Texts of several lines, or with odd characters, stand in quotes on one line.
  private static func quoted(_ text: String) -> String {
    let isPlain =
      !text.isEmpty && text.first != " " && text.last != " "
      && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    return isPlain ? text : (try? JSONValue.string(text).text()) ?? ""
  }
}
