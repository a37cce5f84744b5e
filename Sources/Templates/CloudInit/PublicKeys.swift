/// A file of public SSH keys: what `ssh-keygen` writes as `….pub`, or an `authorized_keys` without options.
package enum PublicKeys {
  /// The keys of a file of at most 1 MiB, one a line; empty lines and lines that begin with `#` are passed over.
  ///
  /// - Throws: ``TemplateErrors`` at the lines that are no public key, a private key among them.
  package static func read(_ path: String) throws(TemplateErrors) -> [String] {
    let text: String
    do throws(TemplateError) {
      text = try TemplateFile.read(path, what: "file of public keys")
    } catch {
      throw TemplateErrors([error])
    }
    var keys: [String] = []
    var problems: [TemplateError] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      if line.isEmpty || line.first == "#" { continue }
      let place = SourceLocation(file: path, line: index + 1, column: 1)
      if line.hasPrefix("-----BEGIN") {
        throw TemplateErrors([
          TemplateError(
            "This is a private key, which stays where it is", at: place, hint: "name the file that ends in .pub")
        ])
      }
      if TextRule.publicKey.problem(String(line)) != nil {
        problems.append(TemplateError("This is not \(TextRule.publicKey.expectation)", at: place))
      } else {
        keys.append(String(line))
      }
    }
    if keys.isEmpty, problems.isEmpty {
      problems.append(TemplateError("The file holds no public key", at: SourceLocation(file: path)))
    }
    guard problems.isEmpty else { throw TemplateErrors(problems) }
    return keys
  }
}
