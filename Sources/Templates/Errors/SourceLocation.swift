/// A place in a template file.
///
/// Lines and columns count from 1; a column counts Unicode scalars, as libyaml does.
package struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
  /// The file's path, as it was found.
  package var file: String
  /// The line, from 1.
  package var line: Int
  /// The column, from 1.
  package var column: Int

  /// A place in `file`; without a line and column it is the file's beginning.
  package init(file: String, line: Int = 1, column: Int = 1) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// `file:line:column`. A control character in the file's name is shown as `?`, so that the result is one line.
  package var description: String {
    "\(file.singleLine):\(line):\(column)"
  }
}
