/// What is to be downloaded as an image, and how it is checked.
public struct PullRequest: Sendable, Equatable {
  /// A name in the catalogue, or an address.
  public var source: String
  /// The image's name; without one that in the catalogue, or one made of the address.
  public var name: String?
  /// The checksum of the download, if the caller knows it.
  public var checksum: Checksum?
  /// The address of a file of checksums.
  public var checksums: String?
  /// An address that stands for the beginning of those in the catalogue, for the image alone.
  public var mirror: String?
  /// Whether it is taken without a checksum.
  public var allowsUnverified = false
  /// The format that it is said to have.
  public var format: ImageFormat?
  /// The largest disk in bytes.
  public var maxSize = ImageBuilder.defaultMaxSize
  /// Whether an image of that name is replaced.
  public var replaces = false

  /// Asks for an image of the catalogue, or for that at an address.
  public init(_ source: String) {
    self.source = source
  }
}
