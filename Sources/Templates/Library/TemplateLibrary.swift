import Glibc
import NestorSupport

/// Finds templates by name or path, and reads them.
///
/// A name is looked for as `NAME.yaml` in each folder of the search path, and the first that has it wins. A name that
/// contains `/` or ends in `.yaml` is a path; under `extends` it begins at the folder of the file that holds it.
/// A template that extends its own name means the next one of that name further down the search path, so that one's own
/// `tiny` can build on the `tiny` that came with Nestor.
///
/// What wins, from the weakest to the strongest:
///
/// 1. the defaults, which `base.yaml` shows;
/// 2. the templates that are extended, the later over the earlier, each laid over what it extends itself; one that is
///    reached on several ways counts once, where it is reached first;
/// 3. the template itself;
/// 4. parameters, which stand wherever `${name}` is written in any of them: their defaults, by the same order, then the
///    values of `-P name=value`;
/// 5. options of the command line, which the caller applies to the result.
///
/// Maps are joined key by key; lists and single values replace what they meet; `null` puts the default back.
package struct TemplateLibrary: Sendable {
  /// The folders in which names are looked for, the first that has it wins.
  package var searchPath: [String]

  /// A library over these folders. A folder that does not exist is passed over.
  package init(searchPath: [String]) {
    self.searchPath = searchPath
  }

  /// The folders in the usual order: the user's own (`$XDG_CONFIG_HOME` or `~/.config`, then `nestor/domains`),
  /// the machine's (`/etc/nestor/domains`), then the folder of the templates that came with the program.
  ///
  /// - Parameter machine: The folder of the machine's settings, `/etc/nestor` where it is nil.
  package static func defaultSearchPath(
    shipped: String?, home: String?, configHome: String? = nil, machine: String? = nil
  ) -> [String] {
    var folders: [String] = []
    if let configHome, configHome.hasPrefix("/") {
      folders.append(configHome + "/nestor/domains")
    } else if let home, home.hasPrefix("/") {
      folders.append(home + "/.config/nestor/domains")
    }
    folders.append((machine ?? "/etc/nestor") + "/domains")
    if let shipped { folders.append(shipped) }
    return folders
  }

  /// Reads a template, fills in its parameters and checks it.
  ///
  /// - Throws: ``TemplateErrors`` with all mistakes that were found.
  package func load(
    _ nameOrPath: String, parameters: [String: String] = [:]
  ) throws(TemplateErrors) -> ResolvedTemplate {
    try open(nameOrPath).resolve(parameters: parameters)
  }

  /// Reads a template and all that it extends, to be filled in later.
  ///
  /// - Throws: ``TemplateErrors``.
  package func open(_ nameOrPath: String) throws(TemplateErrors) -> Template {
    let file: String
    do throws(TemplateError) {
      file = try find(nameOrPath)
    } catch {
      throw TemplateErrors([error])
    }
    return try Template(try TemplateSource(file: file), in: self)
  }

  /// Takes a template's text from elsewhere than a file, such as the standard input.
  ///
  /// - Parameters:
  ///   - text: the YAML.
  ///   - file: what to call it in messages; relative paths begin at its folder.
  /// - Throws: ``TemplateErrors``.
  package func open(text: String, file: String) throws(TemplateErrors) -> Template {
    guard text.utf8.count <= TemplateFile.maximumSize else {
      throw TemplateErrors([
        TemplateError(
          "The template has more than \(TemplateFile.maximumSize) bytes", at: SourceLocation(file: file))
      ])
    }
    return try Template(try TemplateSource(text: text, file: file), in: self)
  }

  /// The file of a template.
  ///
  /// - Throws: ``TemplateError`` of kind `notFound` or `name`.
  package func find(_ nameOrPath: String) throws(TemplateError) -> String {
    try find(nameOrPath, folders: searchPath, relativeTo: nil, at: nil)
  }

  /// The file that a template means by a name under `extends`.
  func find(_ parent: TemplateSource.Parent, from file: String) throws(TemplateError) -> String {
    var folders = searchPath
    if parent.name == TemplateSource.name(of: file),
      let own = folders.firstIndex(where: {
        FilePath.canonical($0 + "/" + parent.name + ".yaml") == FilePath.canonical(file)
      })
    {
      // The same name in the folders behind its own; alone it would be a circle.
      let rest = Array(folders[(own + 1)...])
      if rest.contains(where: { Self.isThere($0 + "/" + parent.name + ".yaml") }) { folders = rest }
    }
    return try find(parent.name, folders: folders, relativeTo: FilePath.folder(of: file), at: parent.location)
  }

  private func find(
    _ nameOrPath: String, folders: [String], relativeTo folder: String?, at place: SourceLocation?
  ) throws(TemplateError) -> String {
    if nameOrPath.contains("/") || nameOrPath.hasSuffix(".yaml") {
      return try findPath(nameOrPath, relativeTo: folder, at: place)
    }
    if var problem = GuestName.problem(in: nameOrPath, called: "template's name") {
      problem.location = place
      throw problem
    }
    if nameOrPath.contains("..") {
      throw TemplateError(
        "The template's name \(nameOrPath.quoted) has '..'", at: place,
        hint: "a name stands for NAME.yaml on the search path; for a file elsewhere write its path", kind: .name)
    }
    for folder in folders {
      let file = folder + "/" + nameOrPath + ".yaml"
      if Self.isThere(file) { return file }
    }
    let nearest = NearestName.suggestion(for: nameOrPath, among: names())
    throw TemplateError(
      "There is no template \(nameOrPath.quoted)", at: place,
      hint: nearest ?? "looked in \(folders.joined(separator: ", "))", kind: .notFound)
  }

  private func findPath(
    _ path: String, relativeTo folder: String?, at place: SourceLocation?
  ) throws(TemplateError) -> String {
    if path.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
      throw TemplateError(
        "The template's path \(path.quoted) holds a control character", at: place, kind: .name)
    }
    var file = path
    if let folder, !FilePath.isAbsolute(path) {
      file = (folder == "." ? "" : folder + "/") + (path.hasPrefix("./") ? String(path.dropFirst(2)) : path)
    }
    guard Self.isThere(file) else {
      let last = FilePath.lastPart(of: file)
      let around = Self.entries(of: FilePath.folder(of: file)).filter { $0.hasSuffix(".yaml") }
      let nearest = NearestName.suggestion(for: last, among: around)
      throw TemplateError("There is no file \(file.quoted)", at: place, hint: nearest, kind: .notFound)
    }
    return file
  }

  /// All templates that a name finds, sorted by name. One that cannot be read is there with its problems.
  package func list() -> [TemplateSummary] {
    var seen: Set<String> = []
    var result: [TemplateSummary] = []
    for folder in searchPath {
      for entry in Self.entries(of: folder) where entry.hasSuffix(".yaml") {
        let name = String(entry.dropLast(5))
        guard seen.insert(name).inserted else { continue }
        result.append(summary(name, file: folder + "/" + entry))
      }
    }
    return result.sorted { $0.name < $1.name }
  }

  private func summary(_ name: String, file: String) -> TemplateSummary {
    if var problem = GuestName.problem(in: name, called: "template's name") {
      problem.location = SourceLocation(file: file)
      return TemplateSummary(name: name, description: "", file: file, parameters: [], problems: [problem])
    }
    do throws(TemplateErrors) {
      let template = try Template(try TemplateSource(file: file), in: self)
      let (resolved, problems) = template.examine(parameters: [:], toleratesMissing: true)
      return TemplateSummary(
        name: name, description: resolved.template.description, file: file, parameters: resolved.declaredParameters,
        problems: TemplateErrors(problems).problems)
    } catch {
      return TemplateSummary(name: name, description: "", file: file, parameters: [], problems: error.problems)
    }
  }

  /// The names of all templates on the search path, sorted; reads no file.
  package func names() -> [String] {
    let files = searchPath.flatMap { Self.entries(of: $0) }.filter { $0.hasSuffix(".yaml") }
    return Set(files.map { String($0.dropLast(5)) }).filter { GuestName.problem(in: $0, called: "") == nil }.sorted()
  }

  private static func isThere(_ path: String) -> Bool {
    access(path, F_OK) == 0
  }

  /// The names in a folder, sorted; none when it cannot be read.
  private static func entries(of folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
