/// What is to be downloaded as an image, and how it is checked.
package struct PullRequest: Sendable, Equatable {
  /// A name in the catalogue, or an address.
  package var source: String
  /// The image's name; without one that in the catalogue, or one made of the address.
  package var name: String?
  /// The checksum of the download, if the caller knows it.
  package var checksum: Checksum?
  /// The address of a file of checksums.
  package var checksums: String?
  /// An address that stands for the beginning of those in the catalogue, for the image alone.
  package var mirror: String?
  /// Whether it is taken without a checksum.
  package var allowsUnverified = false
  /// The format that it is said to have.
  package var format: ImageFormat?
  /// The largest disk in bytes.
  package var maxSize = ImageBuilder.defaultMaxSize
  /// Whether an image of that name is replaced.
  package var replaces = false

  /// Asks for an image of the catalogue, or for that at an address.
  package init(_ source: String) {
    self.source = source
  }
}
