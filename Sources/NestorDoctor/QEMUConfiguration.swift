import NestorSupport

/// libvirt's qemu.conf as bytes of which single settings can be read and changed, all else staying as it is.
///
/// The grammar is that of libvirt's virConf: `name = value` with a number, a string or a list of these, comments from
/// `#` to the end of the line. Of two lines with one name libvirt reads the first. See
/// https://libvirt.org/drvqemu.html#configuration.
package struct QEMUConfiguration: Sendable, Equatable {
  /// A setting's value.
  package enum Value: Sendable, Equatable {
    case number(Int64)
    /// A string, without its quotes.
    case text(String)
    case list([Value])
  }

  /// Where one setting stands in the file.
  struct Setting: Sendable, Equatable {
    let name: String
    let value: Value
    /// The bytes of the whole statement, from the name's first to the value's last.
    let statement: Range<Int>
    /// The bytes of the value alone.
    let valueRange: Range<Int>
  }

  /// The file.
  package private(set) var bytes: [UInt8]
  private(set) var settings: [Setting]

  /// Reads a file; throws a ``NestorError`` with code `corrupted` that names `path` and the line where it is malformed.
  package init(parsing bytes: [UInt8], path: String = "qemu.conf") throws(NestorError) {
    var reader = QEMUConfigurationReader(bytes, path: path)
    settings = try reader.settings()
    self.bytes = bytes
  }

  /// The value that libvirt takes for a name; nil where the file leaves it to the default.
  package subscript(name: String) -> Value? {
    settings.first { $0.name == name }?.value
  }

  /// Sets a value, with a comment of one or more lines before it that says why. A file that says so already stays.
  ///
  /// Throws where the value or the comment cannot be written: no quote fits, or a line end in a string.
  package mutating func set(_ name: String, to value: Value, comment: String) throws(NestorError) {
    guard self[name] != value else { return }
    let text = try Self.text(of: value, of: name)
    let lines = comment.split(separator: "\n").map { "# \($0)\n" }.joined()
    var changed = bytes
    if let setting = settings.first(where: { $0.name == name }) {
      changed.replaceSubrange(setting.valueRange, with: text.utf8)
      // Only white space may stand before a statement on its line.
      let start = changed[..<setting.statement.lowerBound].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      changed.insert(contentsOf: lines.utf8, at: start)
    } else {
      if let last = changed.last, last != UInt8(ascii: "\n") { changed.append(UInt8(ascii: "\n")) }
      if !changed.isEmpty { changed.append(UInt8(ascii: "\n")) }
      changed += "\(lines)\(name) = \(text)\n".utf8
    }
    self = try QEMUConfiguration(parsing: changed)
  }

  private static func text(of value: Value, of name: String) throws(NestorError) -> String {
    switch value {
    case .number(let number): return "\(number)"
    case .text(let text):
      guard !text.utf8.contains(where: { $0 == 10 || $0 == 13 || $0 == 0 }),
        let quote = ("\"'" as String).first(where: { !text.contains($0) })
      else {
        throw NestorError(.invalidArgument, "the value of \(name) cannot be written into qemu.conf", cause: text)
      }
      return "\(quote)\(text)\(quote)"
    case .list(let values):
      var texts: [String] = []
      for value in values { texts.append(try Self.text(of: value, of: name)) }
      return texts.isEmpty ? "[]" : "[ " + texts.joined(separator: ", ") + " ]"
    }
  }
}
