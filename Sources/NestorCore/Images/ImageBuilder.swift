import NestorSupport

/// Makes images from packages.
public struct ImageBuilder: Sendable {
  private let store: ImageStore
  private let report: ProgressHandler

  /// A builder that puts images into the store of a state folder.
  public init(_ state: StateDirectory, report: @escaping ProgressHandler = { _ in }) {
    store = ImageStore(state)
    self.report = report
  }

  /// Makes the tiny image, or answers with the one that is there unless `rebuild` is set.
  ///
  /// Needs root, since apt's downloads belong to it; takes some ten seconds and 100 MB in the state folder meanwhile.
  public func buildTiny(rebuild: Bool = false) async throws -> (image: Image, isNew: Bool) {
    if !rebuild, let image = try? store.image("tiny") { return (image, false) }
    return try await explaining("cannot make the image 'tiny'") {
      try await store.make("tiny", rebuild: rebuild) { try await TinyImage(report: report).fill($0) }
    }
  }
}
