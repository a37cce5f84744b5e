import NestorSupport

/// An address of a file on a web server.
struct DownloadAddress: Sendable, Equatable {
  let text: String

  /// Checks an address; throws a ``NestorError`` with code `invalidArgument`.
  init(_ text: String) throws {
    func error(_ cause: String, _ hint: String) -> NestorError {
      NestorError(.invalidArgument, "cannot download from this address", cause: cause, hint: hint)
    }
    guard text.hasPrefix("https://") || text.hasPrefix("http://") else {
      throw error("'\(text.prefix(200))' is not http or https", "for a file of this machine: nestor image import FILE")
    }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), text.utf8.count <= 2000 else {
      throw error("it has spaces or letters that no address has", "write such letters as %XX")
    }
    let host = text.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).dropFirst(2).first ?? ""
    guard !host.isEmpty else { throw error("'\(text)' names no server", "for example https://example.org/disk.qcow2") }
    guard !host.contains("@") else {
      throw error("it has a name or a password in it, which others would see", "write them into ~/.netrc")
    }
    self.text = text
  }

  /// Whether what comes from there may have been changed on the way.
  var isPlain: Bool {
    text.hasPrefix("http://")
      && !["http://127.0.0.1", "http://localhost", "http://[::1]"].contains { text.hasPrefix($0) }
  }

  /// The last part of its path.
  var file: String { ImageName.lastPart(of: text) }

  /// What stands for it in the names of files.
  var key: String {
    let digits = String(StateDirectory.stableHash(text), radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
