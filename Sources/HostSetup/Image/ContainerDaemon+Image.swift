import NestorSupport

extension ContainerDaemon {
  /// Imports an image's folder under an alias, in the place of one that Nestor imported under it before; answers with its
  /// fingerprint.
  ///
  /// The alias leads to the old image until the new one is there. Throws `exists` where it leads to an image that Nestor
  /// did not make.
  package func importImage(_ folder: String, alias: String) async throws -> String {
    try NameRules.check(alias, what: "alias")
    let path = "/1.0/images/aliases/\(alias)"
    let purpose = "cannot look for the image \(alias)"
    let old = try await found("GET", path, purpose: purpose)?["target"]?.string
    if let old, let image = try await found("GET", "/1.0/images/\(old)", purpose: purpose), !Label.isMade(image) {
      throw NestorError(
        .exists, "the alias '\(alias)' leads to an image that Nestor did not make",
        hint: "choose another with --alias, or delete that one: \(commandLine) image alias delete \(alias)")
    }
    let source = try await ImageChoice(daemon: self).source(folder)
    guard let new = source["fingerprint"]?.string else {
      throw NestorError(
        .failed, "cannot import the image \(folder)", cause: "\(kind.title) names no fingerprint for it")
    }
    guard new != old else { return new }
    let setting = "cannot give the image the alias '\(alias)'"
    if let old {
      try await query("PUT", path, ["target": .string(new)], purpose: setting)
      _ = try await found("DELETE", "/1.0/images/\(old)", purpose: "cannot delete the image before")
    } else {
      try await query(
        "POST", "/1.0/images/aliases", ["name": .string(alias), "target": .string(new)], purpose: setting)
    }
    return new
  }

  /// A query's answer, or nil where there is no such thing.
  private func found(_ method: String, _ path: String, purpose: String) async throws -> JSONValue? {
    do {
      return try await query(method, path, purpose: purpose)
    } catch let error as NestorError where error.code == .notFound {
      return nil
    }
  }
}
