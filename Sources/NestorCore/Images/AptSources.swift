import NestorSupport

/// The sources of Debian packages that this machine is set up to use, for a suite of Debian that need not be its own.
struct AptSources {
  /// One repository, as apt-get's indextargets names it.
  struct Entry: Equatable {
    let uri: String
    let release: String
  }

  /// The keyring of Debian's own repositories.
  private static let keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"

  /// The lines of a sources.list(5); empty where this machine uses no repository of Debian.
  static func lines(suite: String) async throws -> [String] {
    let text = try await Program("apt-get", package: "apt").run([
      "indextargets", "--format", "$(ORIGIN)|$(COMPONENT)|$(REPO_URI)|$(RELEASE)", "Created-By: Packages",
    ])
    let options = FileTree.exists(keyring) ? "[signed-by=\(keyring)] " : ""
    return entries(text, suite: suite).map { "deb \(options)\($0.uri) \($0.release) main" }
  }

  /// The repositories of indextargets' lines `origin|component|address|release`, for another suite.
  static func entries(_ text: String, suite: String) -> [Entry] {
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
