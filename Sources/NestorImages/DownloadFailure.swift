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
  /// What a proxy answered that would not let https through.
  private let proxyAnswer: Int?
  private let isFull: Bool
  private let isTooLarge: Bool

  /// A failure that curl did not see.
  init(cause: String, isTransient: Bool) {
    (status, answer, proxyAnswer, isFull, isTooLarge) = (nil, nil, nil, false, false)
    self.cause = cause
    self.isTransient = isTransient
  }

  /// The failure of a run of curl; `isTooLarge` says that it has loaded all that it may, and `lacksRoom` that it may load
  /// no more since others need the rest of the file system.
  init(_ error: NestorError, status answer: Int?, isTooLarge: Bool, lacksRoom: Bool) {
    let text = error.cause ?? ""
    let number = text.ranges(of: "curl: (").last.flatMap { Int(text[$0.upperBound...].prefix { $0.isNumber }) }
    status = number
    self.answer = answer
    let isTooLarge = isTooLarge || number == 63
    self.isTooLarge = isTooLarge && !lacksRoom
    isFull = number == 23 || error.code == .noSpace || isTooLarge && lacksRoom
    let start = text.ranges(of: "curl: (").last?.lowerBound ?? text.startIndex
    cause =
      switch (isTooLarge, lacksRoom) {
      case (true, true): "it needs more room than may be taken while guests write there"
      case (true, false): "it is larger than allowed"
      default: String(text[start...])
      }
    let refusal = Self.proxyAnswer(text, status: number, serverAnswer: answer)
    proxyAnswer = refusal
    isTransient =
      if let refusal {
        Self.isTransient(refusal)
      } else {
        switch number {
        // A lost or silent connection, in each of its ways.
        case 5, 6, 7, 16, 18, 28, 35, 52, 55, 56, 92, 95, 96: true
        case 22: answer.map(Self.isTransient) ?? false
        default: false
        }
      }
  }

  private static func isTransient(_ answer: Int) -> Bool { answer == 408 || answer == 429 || answer >= 500 }

  /// What a proxy answered that lets no tunnel through.
  ///
  /// curl has words of its own for it, but with --fail reports it like a server's answer; it is the proxy's where the
  /// server's own last answer is another.
  private static func proxyAnswer(_ text: String, status: Int?, serverAnswer: Int?) -> Int? {
    func number(after words: String) -> Int? {
      text.firstRange(of: words).flatMap { Int(text[$0.upperBound...].prefix { $0.isNumber }) }
    }
    if let answer = number(after: "CONNECT tunnel failed, response ") { return answer }
    guard status == 22, let answer = number(after: "returned error: "), answer != serverAnswer else { return nil }
    return answer
  }

  /// Whether it is the going on that failed: the content has changed, or the server has no ranges.
  var isOfResuming: Bool {
    status == 33 || status == 36 || (status == 22 && (answer == 416 || answer == 412))
  }

  /// The failure as the user meets it; `here` is how many bytes there are.
  func explained(_ address: DownloadAddress, here: Int64? = nil) -> NestorError {
    let (code, hint) = kind
    let kept = here.flatMap {
      $0 > 0 ? "; \(SizeText.short($0)) are here already, and it goes on from there" : nil
    }
    return NestorError(
      code, "cannot download \(address.text)", cause: cause,
      hint: hint ?? ("run the same command again later" + (kept ?? "")))
  }

  private var kind: (NestorError.Code, hint: String?) {
    if isTooLarge { return (.corrupted, "a larger --max-size allows it, if that is what you expect") }
    if isFull {
      return (.noSpace, "free some space in the state folder, then run it again: it goes on where it stopped")
    }
    if let proxyAnswer {
      guard Self.isTransient(proxyAnswer) else { return (.permissionDenied, Self.proxyHint) }
      return (.unavailable, "it is the proxy that fails, see https_proxy; run the same command again later")
    }
    switch (status, answer) {
    case (6, _):
      return (.unavailable, "is the address right, and does this machine reach the Internet? curl heeds https_proxy")
    case (7, _): return (.unavailable, "is a proxy needed? curl heeds http_proxy, https_proxy and no_proxy")
    case (28, _): return (.timedOut, nil)
    case (22, 404), (22, 410):
      return (.notFound, "it may have moved: look for it in a browser, then nestor image pull URL --checksums URL")
    case (22, 407): return (.permissionDenied, Self.proxyHint)
    case (22, 401), (22, 403): return (.permissionDenied, "a name and a password can stand in ~/.netrc")
    case (35, _), (51, _), (60, _), (77, _):
      return (
        .unavailable, "the server's certificate is not trusted here: is ca-certificates installed, the clock right?"
      )
    case (47, _): return (.failed, "the server sends in circles; name the file's own address")
    case (1, _): return (.failed, "a redirect from https to http is not followed; name the file's own address")
    default: return (.failed, nil)
    }
  }

  private static let proxyHint =
    "it is the proxy that refuses; a name and a password for it stand in its address: https_proxy=http://NAME:PASSWORD@HOST:PORT"
}
