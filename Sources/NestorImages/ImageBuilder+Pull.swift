import FoundationEssentials
import Glibc
import NestorSupport
import Templates

extension ImageBuilder {
  /// The time for which another program that downloads the same is waited for: a day.
  private static let patience = Duration.seconds(86400)

  /// Downloads an image, or answers with the one that is there unless it is to be replaced.
  ///
  /// The download is compared with its checksum before anything else looks at it, then taken as
  /// ``importImage(_:name:format:maxSize:replacing:requireUnused:)`` takes a file. What has come when this fails or is
  /// killed lies in the downloads folder, and the next pull goes on from there. Two that pull the same share one
  /// download. `catalogue` is asked where the request is a name. Another image of that name is an error (`exists`).
  package func pull(
    _ request: PullRequest, catalogue: ImageCatalogue? = nil, requireUnused: () async throws -> Void = {}
  ) async throws -> (image: Image, isNew: Bool) {
    let plan = try PullPlan(request, try catalogue ?? Self.catalogue())
    if !request.replaces, let image = try? store.image(plan.name) { return (try existing(image, plan), false) }
    return try await withContext("cannot pull the image '\(plan.name)'") {
      try state.prepare()
      try FileTree.makeDirectory(state.downloads, mode: 0o700)
      let lock = state.lock("download", plan.address.key)
      // Held until the image has its name, by which a pull of the same under another name finds it.
      let (image, isNew) = try await FileLock.holding(
        lock, purpose: "download \(plan.address.text)", timeout: Self.patience, waiting: { reportWaiting(plan.name) }
      ) {
        try await store.make(
          plan.name, rebuild: request.replaces, patience: Self.patience, waiting: { reportWaiting(plan.name) },
          requireUnused: requireUnused
        ) { try await fill($0, plan, request) }
      }
      return (isNew ? image : try existing(image, plan), isNew)
    }
  }

  /// The name that the image of a request gets.
  package func name(_ request: PullRequest, catalogue: ImageCatalogue? = nil) throws -> String {
    try PullPlan(request, try catalogue ?? Self.catalogue()).name
  }

  /// The catalogues of the folders in which templates are looked for.
  package static func catalogue() throws -> ImageCatalogue {
    do {
      return try ImageCatalogue(TemplateFolders.library())
    } catch {
      throw error.nestorError
    }
  }

  private func existing(_ image: Image, _ plan: PullPlan) throws -> Image {
    guard plan.describes(image) else { throw Self.exists(plan.name) }
    if let cause = plan.doubt(about: image) {
      throw NestorError(
        .exists, "there is an image '\(plan.name)' from there already", cause: cause,
        hint: "download it anew with --replace, or give this one another --name")
    }
    return image
  }

  private func reportWaiting(_ name: String) {
    report(ProgressReport(name, "waiting for another nestor that works on it"))
  }

  private func fill(_ directory: String, _ plan: PullPlan, _ request: PullRequest) async throws -> ImageRecord {
    let importer = ImageImporter(plan.name, maxSize: request.maxSize, report: report)
    let downloader = Downloader(folder: state.downloads, settings: downloads, report: report)
    let expected = try await expectation(plan, downloader)
    if let expected, let record = try await twin(plan, expected, request, in: directory) { return record }
    let checksum = try await download(plan, expected, downloader, importer.fileLimit)
    do {
      let disk = try await importer.makeDisk(
        from: downloader.part(plan.address), shown: plan.address.text, claimed: plan.format, in: directory)
      try downloader.discard(plan.address)
      return ImageRecord(
        kind: .disk, description: plan.description, created: Date().formatted(.iso8601), sources: [],
        files: ["disk": disk.file], diskSize: disk.diskSize,
        origin: ImageRecord.Origin(
          catalogue: plan.catalogue, url: plan.address.text, checksum: "\(checksum)", isVerified: expected != nil,
          format: disk.format))
    } catch let error as NestorError where error.code == .corrupted {
      // It came as it lies on the server, so another download would be no better.
      try downloader.discard(plan.address)
      throw error
    }
  }

  /// The checksum that the download has to have.
  private func expectation(_ plan: PullPlan, _ downloader: Downloader) async throws -> Checksum? {
    switch plan.check {
    case .none: return nil
    case .exact(let checksum): return checksum
    case .list(let address, let file, let form):
      if address.isPlain {
        warn("the checksums come without https, so who is between here and \(address.text) can change them")
      }
      report(ProgressReport(plan.name, "fetching the checksums"))
      let text: String
      do {
        text = try await downloader.text(address)
      } catch let error as NestorError {
        throw error.hinting("give --sha256 HEX, --sha512 HEX or another --checksums URL")
      }
      guard let checksum = ChecksumList(text).checksum(of: file, form) else {
        throw NestorError(
          .corrupted, "\(address.text) has no checksum of \(file)",
          cause: "no line with that name and a SHA-256 or SHA-512, or several that differ",
          hint: "the file may have moved: look for it in a browser; --checksums URL names another list")
      }
      return checksum
    }
  }

  /// Another image of the very same download, if it is still what it was: its file is this image's too.
  private func twin(
    _ plan: PullPlan, _ expected: Checksum, _ request: PullRequest, in directory: String
  ) async throws -> ImageRecord? {
    for image in (try? store.list()) ?? [] where image.name != plan.name {
      guard let origin = image.record.origin, origin.url == plan.address.text, origin.isVerified == true,
        origin.checksum == "\(expected)", let disk = image.record.files["disk"],
        (image.record.diskSize ?? .max) <= request.maxSize
      else { continue }
      report(ProgressReport(plan.name, "checking the image '\(image.name)', which is the same download"))
      let (source, target) = ("\(image.directory)/\(disk.name)", "\(directory)/\(disk.name)")
      // It may be deleted at this very moment.
      guard (try? await Checksum(of: source, .sha256))?.digits == disk.sha256, link(source, target) == 0 else {
        continue
      }
      var record = image.record
      record.created = Date().formatted(.iso8601)
      record.origin?.catalogue = plan.catalogue
      return record
    }
    return nil
  }

  /// Downloads the file and compares it; answers with its checksum.
  private func download(
    _ plan: PullPlan, _ expected: Checksum?, _ downloader: Downloader, _ limit: UInt64
  ) async throws -> Checksum {
    var hasBegunAnew = false
    while true {
      let isResumed = try await downloader.fetch(plan.address, subject: plan.name, limit: limit)
      report(ProgressReport(plan.name, "checking"))
      let found = try await Checksum(of: downloader.part(plan.address), expected?.algorithm ?? .sha256)
      guard let expected else {
        warn("'\(plan.name)' was not compared with anything (--no-verify); its checksum is \(found)")
        return found
      }
      if found == expected { return found }
      try downloader.discard(plan.address)
      // A part from an earlier day may be to blame, so it gets one more chance as a whole.
      guard isResumed, !hasBegunAnew else {
        throw NestorError(
          .corrupted, "the download from \(plan.address.text) is not what it should be",
          cause: "\(expected) was expected, and it has \(found.digits)",
          hint: "nothing was kept. Was it replaced just now? Then try again later, or from another --mirror")
      }
      report(ProgressReport(plan.name, "the parts do not fit together, downloading it anew"))
      hasBegunAnew = true
    }
  }
}
