import NestorSupport

/// An image in the store: something that guests are started from.
package struct Image: Sendable, Equatable {
  /// The image's name.
  package let name: String
  /// The folder of its files.
  package let directory: String
  /// What it is made of.
  package let record: ImageRecord

  /// The whole path of the file with a role, such as `kernel`; an error where the image has none.
  package func path(_ role: String) throws -> String {
    guard let file = record.files[role] else {
      throw NestorError(
        .corrupted, "image '\(name)' has no \(role)", cause: "\(directory)/image.json does not name one",
        hint: "delete it, and make it anew: nestor image delete \(name)")
    }
    return "\(directory)/\(file.name)"
  }

  /// The SHA-256 of all files, in the order of their roles; tells two builds apart.
  package var digest: String {
    record.files.sorted { $0.key < $1.key }.map(\.value.sha256).joined(separator: ":")
  }

  /// The sum of the files' sizes in bytes.
  package var size: Int64 { record.files.values.reduce(0) { $0 + $1.size } }
}
