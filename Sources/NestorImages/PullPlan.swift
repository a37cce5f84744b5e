import NestorSupport
import Templates

/// A request with all addresses, after a look into the catalogue.
struct PullPlan: Equatable {
  /// Where the checksum comes from.
  enum Check: Equatable {
    case exact(Checksum)
    /// A file of checksums, and the name that the image has in it.
    case list(DownloadAddress, file: String, form: CatalogueEntry.ChecksumForm?)
    case none
  }

  let name: String
  /// The name in the catalogue.
  let catalogue: String?
  let description: String
  let address: DownloadAddress
  let check: Check
  let format: ImageFormat?

  /// Finds the addresses; throws a ``NestorError`` for a request that cannot be done, or not safely.
  init(_ request: PullRequest, _ catalogue: @autoclosure () throws -> ImageCatalogue) throws {
    if request.source.contains("://") {
      address = try DownloadAddress(request.source)
      guard request.mirror == nil else {
        throw NestorError(
          .invalidArgument, "a mirror stands for addresses of the catalogue, and this is one of your own",
          hint: "name the file's address at the mirror")
      }
      self.catalogue = nil
      description = "downloaded from \(request.source.split(separator: "/").dropFirst().first ?? "")"
      format = request.format ?? ImageName.claimedFormat(address.text)
      guard let name = request.name ?? ImageName.suggestion(for: address.text) else {
        throw NestorError(
          .invalidArgument, "the address has no name for the image in it", hint: "give one: --name NAME")
      }
      self.name = name
      check = try Self.check(request, file: address.file, entry: nil)
      return
    }
    let images = try catalogue()
    guard let entry = images[request.source] else {
      let near = NearestName.suggestion(for: request.source, among: images.entries.map(\.name))
      throw NestorError(
        .notFound, "there is no image '\(request.source)' in the catalogue",
        hint: (near.map { "\($0) " } ?? "") + "see: nestor image catalogue; or name an https address")
    }
    var base = request.mirror ?? entry.base
    if !base.hasSuffix("/") { base += "/" }
    address = try DownloadAddress(base + entry.path)
    self.catalogue = entry.name
    name = request.name ?? entry.name
    description = entry.description.isEmpty ? "from the catalogue" : entry.description
    format = request.format ?? ImageFormat(entry.format)
    check = try Self.check(request, file: ImageName.lastPart(of: entry.path), entry: entry)
  }

  private static func check(_ request: PullRequest, file: String, entry: CatalogueEntry?) throws -> Check {
    if let checksum = request.checksum { return .exact(checksum) }
    if let list = request.checksums { return .list(try DownloadAddress(list), file: file, form: nil) }
    if request.allowsUnverified { return .none }
    if let entry { return .list(try DownloadAddress(entry.base + entry.checksums), file: file, form: entry.form) }
    throw NestorError(
      .invalidArgument, "there is nothing to compare this download with",
      cause: "an address by itself says nothing about what comes from there",
      hint: "give --sha256 HEX, --sha512 HEX or --checksums URL; --no-verify takes whatever comes")
  }

  /// Whether an image comes from what this plan would download.
  func describes(_ image: Image) -> Bool {
    guard let origin = image.record.origin else { return false }
    return origin.url == address.text || (catalogue != nil && origin.catalogue == catalogue)
  }

  /// Why an image from there is not what is asked for; nil where it is.
  func doubt(about image: Image) -> String? {
    let origin = image.record.origin
    let wasCompared = origin?.isVerified == true
    switch check {
    case .none: return nil
    case .list: return wasCompared ? nil : "it was never compared with a checksum"
    case .exact(let checksum):
      if wasCompared, origin?.checksum == "\(checksum)" { return nil }
      return "\(checksum) is asked for, and it "
        + (wasCompared ? "has \(origin?.checksum ?? "none")" : "was never compared")
    }
  }
}
