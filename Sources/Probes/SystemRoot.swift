import Glibc
import NestorSupport

/// The folder below which a probe finds /proc, /sys, /dev and /etc: the machine's own, or a tree made for a test.
package struct SystemRoot: Sendable, Equatable {
  /// The prefix of every path, without a slash at its end; empty for the machine itself.
  package let prefix: String

  /// The machine itself.
  package static let machine = SystemRoot("")

  /// The tree below `prefix`.
  package init(_ prefix: String) {
    var prefix = prefix
    while prefix.hasSuffix("/") { prefix.removeLast() }
    self.prefix = prefix
  }

  /// Where an absolute path lies in this tree.
  package func path(_ absolute: String) -> String { prefix + absolute }

  /// Whether a socket lies at an absolute path.
  package func isSocket(_ absolute: String) -> Bool {
    var information = stat()
    return stat(path(absolute), &information) == 0 && information.st_mode & S_IFMT == S_IFSOCK
  }

  /// A file's text, or nil where it cannot be read.
  package func text(_ absolute: String) -> String? {
    try? FileTree.readText(path(absolute))
  }

  /// A file's lines, none where it cannot be read.
  package func lines(_ absolute: String) -> [Substring] {
    text(absolute)?.split(separator: "\n") ?? []
  }

  /// A file's first line without the white space around it, as /sys has it.
  package func value(_ absolute: String) -> String? {
    lines(absolute).first.map { String($0.trimmingBlanks) }
  }

  /// A number in a file, as /sys has it.
  package func number<Number: FixedWidthInteger>(_ absolute: String, as type: Number.Type = Number.self) -> Number? {
    value(absolute).flatMap { Number($0) }
  }

  /// The names in a folder, sorted; none where it cannot be read.
  package func names(_ absolute: String) -> [String] {
    (try? FileTree.names(in: path(absolute))) ?? []
  }

  /// Whether something is at the path.
  package func exists(_ absolute: String) -> Bool { FileTree.exists(path(absolute)) }
}

extension Substring {
  /// The text without blanks, tabs and line ends around it.
  var trimmingBlanks: Substring {
    var text = self
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
  }
}
