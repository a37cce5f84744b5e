/// Something of images that nobody needs any more.
public struct PrunableImage: Sendable, Equatable, Codable {
  /// What it is.
  public enum Kind: String, Sendable, Codable {
    /// A part of a download.
    case download
    /// An image that was pulled, or made for linked clones, and that no guest needs.
    case image
  }

  /// What it is.
  public let kind: Kind
  /// The image's name, or the download's address.
  public let name: String
  /// Its size in bytes.
  public let size: Int64
  /// What stands for the download in the names of its files.
  let key: String?
}
