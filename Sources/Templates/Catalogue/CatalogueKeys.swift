/// The keys of a catalogue of images.
enum CatalogueKeys {
  static let description = Key("description", .text(), default: "", "One line about the image.")
  static let base = Key("base", .text(address), default: "", "The beginning of the addresses, up to a slash.")
  static let path = Key("path", .text(rest), default: "", "The rest of the image's address.")
  static let checksums = Key("checksums", .text(rest), default: "", "The rest of the address of its checksums.")
  static let form = Key(
    "form", Codec<CatalogueEntry.ChecksumForm>.choice, default: .gnu, "How the file of checksums is written.")
  static let format = Key(
    "format", Codec<CatalogueEntry.Format>.choice, default: .qcow2, "What the image's file holds.")

  static let entry = KeyTable(
    "an image of the catalogue",
    [
      description.description, base.description, path.description, checksums.description, form.description,
      format.description,
    ]
  ) { map in
    [base, path, checksums].filter { !map.has($0) }.map {
      TemplateError("An image of the catalogue needs '\($0.name)'", at: map.location)
    }
  }

  static let table = KeyTable(
    "a catalogue of images",
    [
      KeyDescription(
        name: "images", type: .tableMap(keys: .name("an image's name"), entry), fallback: .object([]),
        documentation: "The images by their names.")
    ])

  private static let address = TextRule("an address such as https://example.org/images/, with a slash at its end") {
    ($0.hasPrefix("https://") || $0.hasPrefix("http://")) && $0.hasSuffix("/") && isPlain($0)
  }

  private static let rest = TextRule("the rest of an address, without spaces and without a slash in front") {
    !$0.isEmpty && !$0.hasPrefix("/") && !$0.hasSuffix("/") && isPlain($0)
  }

  /// Whether a text has nothing but printable letters of ASCII.
  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
  }
}
