import NestorSupport

/// What an option of a command says of a key of a template: `--mtu 1400` of `mtu`.
package struct TemplateOption: Sendable, Equatable {
  /// The template's key.
  package var key: String
  /// The value, as a template's text has it.
  package var value: String
  /// The option, for errors: `--mtu`.
  package var name: String

  /// An option's value; without a name it is called as its key, `--read-only` for `readOnly`.
  package init(_ key: String, _ value: String, name: String? = nil) {
    self.key = key
    self.value = value
    self.name = name ?? Self.name(for: key)
  }

  private static func name(for key: String) -> String {
    "--" + key.map { $0.isUppercase ? "-\($0.lowercased())" : "\($0)" }.joined()
  }
}

extension GuestTemplate.Disk {
  /// The disk that options describe: by the keys of a template's `disks`, and by their rules.
  ///
  /// - Throws: `NestorError` that names the options, code `invalidArgument`.
  package init(options: [TemplateOption]) throws(NestorError) {
    self = DiskKeys.build(try CheckedMap(options, table: DiskKeys.table))
  }
}

extension GuestTemplate.NetworkCard {
  /// The card that options describe: by the keys of a template's `networks`, and by their rules.
  ///
  /// - Throws: `NestorError` that names the options, code `invalidArgument`.
  package init(options: [TemplateOption]) throws(NestorError) {
    self = NetworkKeys.build(try CheckedMap(options, table: NetworkKeys.table))
  }
}

extension CheckedMap {
  /// The map that options stand for, checked as an entry of a template. Relative paths begin at the working folder.
  fileprivate init(_ options: [TemplateOption], table: KeyTable) throws(NestorError) {
    var problems: [TemplateError] = []
    var entries: [LocatedNode.Entry] = []
    for option in options {
      let place = SourceLocation(file: option.name)
      if let other = entries.first(where: { $0.key == option.key }) {
        problems.append(
          TemplateError("'\(option.key)' is given twice, by \(other.keyLocation.file) too", at: place))
      }
      do throws(TemplateErrors) {
        let node = try option.node(as: table[option.key]?.type, at: place)
        entries.append(LocatedNode.Entry(key: option.key, keyLocation: place, value: node))
      } catch {
        problems += error.problems
      }
    }
    var checker = Checker(scalars: ScalarReader(parameters: nil, folder: FilePath.workingFolder))
    let node = LocatedNode(content: .mapping(entries), location: SourceLocation(file: ""))
    let map = problems.isEmpty ? checker.checkMap(node, table: table, path: "") : nil
    problems += checker.problems
    guard let map, problems.isEmpty else { throw TemplateErrors(problems.map(\.ofAnOption)).nestorError }
    self = map
  }
}

extension TemplateOption {
  /// The value as a template would have it, for a key of this type.
  fileprivate func node(as type: ValueType?, at place: SourceLocation) throws(TemplateErrors) -> LocatedNode {
    switch type {
    case .map, .list, .textMap, .tableMap: return try YAMLReader.read(value, file: name)
    case .path where !FilePath.isAbsolute(value) && FilePath.existingWorkingFolder == nil:
      throw TemplateErrors([TemplateError("The working folder is gone, where \(value.quoted) would begin", at: place)])
    default: break
    }
    // What YAML would take for nothing is the text that the user wrote.
    return LocatedNode(content: .scalar(value, plain: !ScalarValue.isNull(value)), location: place)
  }
}

extension TemplateError {
  /// The error with the name of the option in the place of a file's.
  fileprivate var ofAnOption: TemplateError {
    let name = location.map(\.file) ?? ""
    return TemplateError(name.isEmpty ? message : "\(name): \(message)", at: nil, hint: hint, kind: .option)
  }
}
