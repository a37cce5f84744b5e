/// Something of images that nobody needs any more.
package struct PrunableImage: Sendable, Equatable, Codable {
  package enum Kind: String, Sendable, Codable {
    /// A part of a download.
    case download
    /// An image that was pulled, or made for linked clones, and that no guest needs.
    case image
  }

  package let kind: Kind
  /// The image's name, or the download's address.
  package let name: String
  /// Its size in bytes.
  package let size: Int64
  /// What stands for the download in the names of its files.
  let key: String?
}
