import NestorSupport

/// Why curl gave up.
struct DownloadFailure: Error, Equatable {
  /// curl's exit status, see curl(1); nil where a signal ended it.
  let status: Int?
  /// The server's last answer.
  let answer: Int?
  /// In curl's words, or Nestor's.
  let cause: String
  /// Whether another try may help.
  let isTransient: Bool
  private let isFull: Bool
  private let limit: UInt64?

  /// A failure that curl did not see.
  init(cause: String, isTransient: Bool) {
    (status, answer, isFull, limit) = (nil, nil, false, nil)
    self.cause = cause
    self.isTransient = isTransient
  }

  /// The failure of a run of curl; `limit` is the bytes it may load, where it loaded them all.
  init(_ error: NestorError, status answer: Int?, limit: UInt64?) {
    let text = error.cause ?? ""
    let number = text.ranges(of: "curl: (").last.flatMap { Int(text[$0.upperBound...].prefix { $0.isNumber }) }
    status = number
    self.answer = answer
    self.limit = limit ?? (number == 63 ? 0 : nil)
    let start = text.ranges(of: "curl: (").last?.lowerBound ?? text.startIndex
    cause = limit == nil ? String(text[start...]) : "it is larger than allowed"
    isFull = number == 23 || error.code == .noSpace
    isTransient =
      switch number {
      // A lost or silent connection, in each of its ways.
      case 5, 6, 7, 16, 18, 28, 35, 52, 55, 56, 92, 95, 96: true
      case 22: answer.map { $0 == 408 || $0 == 429 || $0 >= 500 } ?? false
      default: false
      }
  }

  /// Whether it is the going on that failed: the content has changed, or the server has no ranges.
  var isOfResuming: Bool {
    status == 33 || status == 36 || (status == 22 && (answer == 416 || answer == 412))
  }

  /// The failure as the user meets it; `here` is how many bytes there are.
  func explained(_ address: DownloadAddress, here: Int64? = nil) -> NestorError {
    let (code, hint) = kind
    let kept = here.flatMap {
      $0 > 0 ? "; \(Self.mebibytes(UInt64($0))) are here already, and it goes on from there" : nil
    }
    return NestorError(
      code, "cannot download \(address.text)", cause: cause,
      hint: hint ?? ("run the same command again later" + (kept ?? "")))
  }

  private var kind: (NestorError.Code, hint: String?) {
    if limit != nil { return (.corrupted, "a larger --max-size allows it, if that is what you expect") }
    if isFull {
      return (.noSpace, "free some space in the state folder, then run it again: it goes on where it stopped")
    }
    switch (status, answer) {
    case (6, _):
      return (.unavailable, "is the address right, and does this machine reach the Internet? curl heeds https_proxy")
    case (7, _): return (.unavailable, "is a proxy needed? curl heeds http_proxy, https_proxy and no_proxy")
    case (28, _): return (.timedOut, nil)
    case (22, 404), (22, 410):
      return (.notFound, "it may have moved: look for it in a browser, then nestor image pull URL --checksums URL")
    case (22, 401), (22, 403), (22, 407): return (.permissionDenied, "a name and a password can stand in ~/.netrc")
    case (35, _), (51, _), (60, _), (77, _):
      return (
        .unavailable, "the server's certificate is not trusted here: is ca-certificates installed, the clock right?"
      )
    case (47, _): return (.failed, "the server sends in circles; name the file's own address")
    case (1, _): return (.failed, "a redirect from https to http is not followed; name the file's own address")
    default: return (.failed, nil)
    }
  }

  /// A number of bytes as people read it.
  static func mebibytes(_ bytes: UInt64) -> String {
    "\(bytes >> 20).\(((bytes & 0xf_ffff) * 10) >> 20) MiB"
  }
}
