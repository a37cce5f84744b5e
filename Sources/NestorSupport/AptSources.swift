/// The sources of Debian packages that a machine is set up to use, for a suite of Debian that need not be its own.
///
/// They are read from what `apt-get indextargets` prints, see apt-get(8): it knows every file, format and default.
package enum AptSources {
  /// One repository.
  package struct Entry: Sendable, Equatable {
    /// Its address.
    package let uri: String
    /// The part of it that belongs to a suite, such as `trixie-updates`.
    package let release: String
  }

  /// The arguments of apt-get whose output ``lines(indexTargets:suite:)`` reads.
  package static let arguments = [
    "indextargets", "--format", "$(ORIGIN)|$(COMPONENT)|$(REPO_URI)|$(RELEASE)", "Created-By: Packages",
  ]

  /// The keyring of Debian's own repositories.
  private static let keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"

  /// The lines of a sources.list(5); empty where the machine uses no repository of Debian.
  package static func lines(indexTargets text: String, suite: String) -> [String] {
    let options = FileTree.exists(keyring) ? "[signed-by=\(keyring)] " : ""
    return entries(text, suite: suite).map { "deb \(options)\($0.uri) \($0.release) main" }
  }

  /// The repositories of indextargets' lines `origin|component|address|release`, for another suite.
  package static func entries(_ text: String, suite: String) -> [Entry] {
    let known = text.split(separator: "\n").compactMap { line -> Entry? in
      let fields = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 4, fields[0] == "Debian", fields[1] == "main" else { return nil }
      return Entry(uri: fields[2], release: fields[3])
    }
    // The suite's own packages, then its changes since the release; backports and the like are left alone.
    guard let own = known.map(\.release).min(by: { $0.utf8.count < $1.utf8.count }) else { return [] }
    var found: [Entry] = []
    for entry in known {
      guard ["", "-updates", "-security"].map({ own + $0 }).contains(entry.release) else { continue }
      let other = Entry(uri: entry.uri, release: suite + entry.release.dropFirst(own.count))
      if !found.contains(other) { found.append(other) }
    }
    return found
  }
}
