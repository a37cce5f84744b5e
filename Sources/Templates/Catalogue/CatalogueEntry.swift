/// An image of a distribution that can be downloaded, as a catalogue describes it.
package struct CatalogueEntry: Sendable, Equatable {
  /// How a file of checksums is written.
  package enum ChecksumForm: String, CaseIterable, Sendable {
    /// Lines of a checksum and a file's name, as sha256sum(1) writes and reads them.
    case gnu
    /// Lines such as `SHA256 (NAME) = …`, as sha256sum(1) writes them with `--tag`; others in between do not count.
    case bsd
    /// One checksum, and perhaps a name, which is not looked at: it is that of a file which a link points to.
    case single
  }

  /// What the image's file holds.
  package enum Format: String, CaseIterable, Sendable {
    /// QEMU's own format.
    case qcow2
    /// The disk as it is.
    case raw
  }

  /// The image's name.
  package var name: String
  /// One line about it.
  package var description: String
  /// The beginning of the addresses, which a mirror has another one for; ends with a slash.
  package var base: String
  /// The rest of the image's address.
  package var path: String
  /// The rest of the address of the file with its checksum.
  package var checksums: String
  /// How that file is written.
  package var form: ChecksumForm
  /// What the image's file holds once it is unpacked.
  package var format: Format
}
