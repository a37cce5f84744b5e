import FoundationEssentials
import NestorSupport

/// What lies beside a partial download, so that the rest of another file is never put behind it.
package struct DownloadNote: Codable, Equatable {
  /// The address.
  package var url: String
  /// The server's mark of the content, see ``ResponseHeaders/validator``.
  var validator: String?
  /// The size of the whole content in bytes, where it is known.
  var size: UInt64?

  /// Reads a note; nil where there is none, or none that can be read.
  package init?(_ path: String) {
    guard let bytes = try? FileTree.read(path, limit: 1 << 16),
      let note = try? JSONDecoder().decode(DownloadNote.self, from: Data(bytes))
    else { return nil }
    self = note
  }

  /// Notes what the server said of the content.
  init(_ address: DownloadAddress, _ headers: ResponseHeaders) {
    url = address.text
    validator = headers.validator
    size = headers.total
  }

  func write(to path: String) throws {
    try FileTree.write(try JSONEncoder().encode(self), to: path, mode: 0o600)
  }
}
