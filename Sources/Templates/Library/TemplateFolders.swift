import NestorSupport

/// Where this process looks for templates.
package enum TemplateFolders {
  /// The library of the user's, the machine's and the shipped templates; NESTOR_CONFIG_DIR is another folder than
  /// `/etc/nestor` for the machine's.
  package static func library() -> TemplateLibrary {
    TemplateLibrary(
      searchPath: TemplateLibrary.defaultSearchPath(
        shipped: shipped(), home: EnvironmentVariable.value("HOME"),
        configHome: EnvironmentVariable.value("XDG_CONFIG_HOME"),
        machine: EnvironmentVariable.value("NESTOR_CONFIG_DIR")))
  }

  /// The `domains` folder that came with the program: installed beside it, or that of the checkout it was built in.
  static func shipped() -> String? {
    if let folder = EnvironmentVariable.value("NESTOR_DOMAINS") { return folder }
    guard let program = try? FileTree.ownProgram() else { return nil }
    var folder = FileTree.parent(of: program)
    if FileTree.exists("\(folder)/../share/nestor/domains/base.yaml") { return "\(folder)/../share/nestor/domains" }
    // A build lies a few folders below its checkout.
    for _ in 0..<5 {
      if FileTree.exists("\(folder)/domains/base.yaml") { return "\(folder)/domains" }
      folder = FileTree.parent(of: folder)
    }
    return nil
  }
}
