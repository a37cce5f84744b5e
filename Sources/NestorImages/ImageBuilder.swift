import NestorSupport

/// Makes images: from packages, from disks that others made, and from the addresses where these lie.
package struct ImageBuilder: Sendable {
  /// The names of the images that can be made.
  package static let recipes = ["tiny", "debian"]

  /// The directory in that of an image for what is only needed while the image is made.
  package static let workDirectory = ".work"

  let state: StateDirectory
  let store: ImageStore
  let report: ProgressHandler
  /// Takes sentences that the user should see although nothing failed.
  let warn: @Sendable (String) -> Void
  var downloads = DownloadSettings()

  /// A builder that puts images into the store of a state folder.
  package init(
    _ state: StateDirectory, report: @escaping ProgressHandler = { _ in },
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.state = state
    store = ImageStore(state)
    self.report = report
    self.warn = warn
  }

  /// Makes the tiny image, or answers with the one that is there unless `rebuild` is set.
  ///
  /// Needs root, since apt's downloads belong to it; takes some ten seconds and 100 MB in the state folder meanwhile.
  ///
  /// Guests that boot its kernel boot the new one; `requireUnused` throws where guests' disks are laid over what has the name.
  package func buildTiny(
    rebuild: Bool = false, requireUnused: () async throws -> Void = {}
  ) async throws -> (image: Image, isNew: Bool) {
    let present = try? store.image("tiny")
    if !rebuild, let present { return (present, false) }
    return try await withContext("cannot make the image 'tiny'") {
      try await store.make(
        "tiny", rebuild: rebuild, requireUnused: { if present?.record.kind != .kernel { try await requireUnused() } }
      ) { try await TinyImage(report: report).fill($0) }
    }
  }

  /// Makes an image of Debian under a name, or answers with the one that is there unless `rebuild` is set.
  ///
  /// `suite` is one of ``debianSuites``. Needs root; takes some three minutes and 1.5 GB in the state folder meanwhile.
  /// `requireUnused` throws where guests' disks are laid over the image that would be replaced: that would ruin them.
  package func buildDebian(
    _ name: String = "debian", suite: String = "bookworm", rebuild: Bool = false,
    requireUnused: () async throws -> Void = {}
  ) async throws -> (image: Image, isNew: Bool) {
    if !rebuild, let image = try? store.image(name) { return (image, false) }
    guard Self.debianSuites.contains(suite) else {
      throw NestorError(
        .invalidArgument, "there is no recipe for Debian's suite '\(suite)'",
        hint: "one of: \(Self.debianSuites.joined(separator: ", "))")
    }
    return try await withContext("cannot make the image '\(name)'") {
      try await store.make(name, rebuild: rebuild, requireUnused: requireUnused) {
        try await DebianImage(name: name, suite: suite, report: report).fill($0)
      }
    }
  }

  /// The suites of Debian that ``buildDebian(_:suite:rebuild:requireUnused:)`` takes.
  package static let debianSuites = DebianImage.suites
}
