import Glibc
import NestorSupport
import Probes
import Processes

/// How patient a download is.
struct DownloadSettings: Sendable {
  /// How often a download is begun or gone on with before it is given up.
  var attempts = 4
  /// The time between two of these.
  var pause = Duration.seconds(2)
  /// The time for which nothing has to come before that counts as a failure.
  var stall = Duration.seconds(30)
  /// The time for a connection.
  var connect = Duration.seconds(30)
}

/// Downloads files by curl, and goes on with what is there already.
///
/// Proxies come from the environment, see curl(1). The parts lie in the downloads folder under a name that the address
/// tells; whoever calls this holds the lock of that address.
struct Downloader: Sendable {
  let folder: String
  let settings: DownloadSettings
  let report: ProgressHandler

  /// The most that a file of checksums can have, in bytes.
  private static let listLimit: UInt64 = 1 << 20

  /// The file of an address as far as it is here.
  func part(_ address: DownloadAddress) -> String { "\(folder)/\(address.key).part" }

  /// What is known of that file.
  func note(_ address: DownloadAddress) -> String { "\(folder)/\(address.key).note" }

  private func headers(_ address: DownloadAddress) -> String { "\(folder)/\(address.key).headers" }

  /// Removes all of an address.
  func discard(_ address: DownloadAddress) throws {
    for path in [part(address), note(address), headers(address)] { try FileTree.remove(path) }
  }

  /// Downloads a small file and answers with its text.
  func text(_ address: DownloadAddress) async throws -> String {
    let target = "\(folder)/\(address.key).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).list"
    let dump = "\(target).headers"
    defer {
      unlink(target)
      unlink(dump)
    }
    for attempt in 1... {
      do {
        try await curl(address, to: target, dump: dump, limit: Self.listLimit)
        break
      } catch let failure as DownloadFailure {
        guard failure.isTransient, attempt < settings.attempts else { throw failure.explained(address) }
        try await Task.sleep(for: settings.pause)
      }
    }
    return try FileTree.readText(target, limit: Int(Self.listLimit))
  }

  /// Downloads a file of at most `limit` bytes to ``part(_:)``; `subject` is for reports.
  ///
  /// Answers whether some of it was there before. What came stays when this throws.
  func fetch(_ address: DownloadAddress, subject: String, limit: UInt64) async throws -> Bool {
    var isResumed = false
    for attempt in 1... {
      let known = try usable(address)
      let have = UInt64(known == nil ? 0 : FileTree.size(part(address)) ?? 0)
      if have > 0 { isResumed = true }
      if let size = known?.size, have == size { return isResumed }
      do {
        try await attemptFetch(address, known, have, subject, limit)
        return isResumed
      } catch let failure as DownloadFailure {
        if failure.isOfResuming, have > 0 {
          // What is there is of another content, or the server cannot go on: from the beginning then.
          try discard(address)
          isResumed = false
        } else if !failure.isTransient {
          throw failure.explained(address, here: FileTree.size(part(address)))
        }
        guard attempt < settings.attempts else {
          throw failure.explained(address, here: FileTree.size(part(address)))
        }
        report(ProgressReport(subject, "trying again: \(failure.cause)"))
        try await Task.sleep(for: settings.pause)
      }
    }
    return isResumed
  }

  /// What is known of the part that is there, if it can be gone on with; else there is none afterwards.
  private func usable(_ address: DownloadAddress) throws -> DownloadNote? {
    let size = FileTree.size(part(address)).map { UInt64($0) }
    if let note = DownloadNote(note(address)), note.url == address.text, note.validator != nil, let size,
      size > 0, size <= note.size ?? .max
    {
      return note
    }
    try discard(address)
    return nil
  }

  private func attemptFetch(
    _ address: DownloadAddress, _ known: DownloadNote?, _ have: UInt64, _ subject: String, _ limit: UInt64
  ) async throws {
    let dump = headers(address)
    try FileTree.remove(dump)
    var options: [String] = []
    if have > 0, let validator = known?.validator {
      options = ["--continue-at", "-", "--header", "If-Range: \(validator)"]
    }
    let watcher = Task {
      while !Task.isCancelled {
        observe(address, isFresh: have == 0, subject)
        try? await Task.sleep(for: .milliseconds(200))
      }
    }
    var failure: (any Error)?
    do {
      try await curl(address, options, to: part(address), dump: dump, limit: limit)
    } catch {
      failure = error
    }
    watcher.cancel()
    await watcher.value
    observe(address, isFresh: have == 0, subject)
    if let known, have > 0, let answer = ResponseHeaders((try? FileTree.readText(dump)) ?? ""), answer.status == 206,
      answer.validator != known.validator || answer.total != known.size
    {
      // A server that does not heed If-Range has put the rest of another content behind the part.
      try discard(address)
      throw DownloadFailure(cause: "the file has changed on the server", isTransient: true)
    }
    if let failure { throw failure }
    if let size = DownloadNote(note(address))?.size, size != UInt64(FileTree.size(part(address)) ?? 0) {
      throw DownloadFailure(cause: "the file came incomplete", isTransient: true)
    }
  }

  /// Notes what the server says of the content, as soon as it does, and reports how far the download is.
  private func observe(_ address: DownloadAddress, isFresh: Bool, _ subject: String) {
    var known = DownloadNote(note(address))
    if isFresh, known == nil, let answer = ResponseHeaders((try? FileTree.readText(headers(address))) ?? ""),
      answer.status == 200
    {
      let fresh = DownloadNote(address, answer)
      // Without it a later download begins anew, which is no reason to end this one.
      try? fresh.write(to: note(address))
      known = fresh
    }
    guard let have = FileTree.size(part(address)) else {
      report(ProgressReport(subject, "connecting"))
      return
    }
    let text = SizeText.short(have)
    guard let size = known?.size, size > 0 else {
      report(ProgressReport(subject, "downloading, \(text)"))
      return
    }
    report(
      ProgressReport(
        subject, "downloading, \(text) of \(SizeText.short(size))",
        fraction: min(1, Double(have) / Double(size))))
  }

  /// Runs curl; throws a ``DownloadFailure``, or a ``NestorError`` where it did not run at all.
  private func curl(
    _ address: DownloadAddress, _ options: [String] = [], to target: String, dump: String, limit: UInt64
  ) async throws {
    var arguments = ["--disable", "--silent", "--show-error", "--fail", "--globoff", "--netrc-optional"]
    // What a proxy says of the tunnel through it is not said of the file.
    arguments += ["--suppress-connect-headers"]
    arguments += ["--location", "--max-redirs", "5", "--proto", "=http,https"]
    // What was asked for by https is not taken from elsewhere without it.
    arguments += ["--proto-redir", address.text.hasPrefix("https:") ? "=https" : "=http,https"]
    arguments += ["--connect-timeout", "\(settings.connect.components.seconds)"]
    arguments += ["--speed-limit", "1", "--speed-time", "\(settings.stall.components.seconds)"]
    // What is there already counts as well.
    let room = try DiskSpaceProbe(path: folder).run().spareBytes + UInt64(FileTree.size(target) ?? 0)
    let most = min(limit, room)
    arguments += ["--max-filesize", "\(most)", "--dump-header", dump, "--output", target]
    do {
      try await Program("curl", package: "curl").runLimited(
        arguments + options + ["--url", address.text], ProgramLimits(fileSize: most))
    } catch let error as NestorError where error.code == .failed || error.code == .noSpace {
      let answer = ResponseHeaders((try? FileTree.readText(dump)) ?? "")
      throw DownloadFailure(
        error, status: answer?.status, isTooLarge: UInt64(FileTree.size(target) ?? 0) >= most, lacksRoom: room < limit)
    }
  }
}
