import NestorSupport

/// The last response in what curl wrote down of a server's answers, proxies and redirects before it left out.
struct ResponseHeaders: Equatable {
  let status: Int
  /// The fields by their names in small letters.
  let fields: [String: String]

  /// Reads curl's `--dump-header`; nil where there is no whole response yet.
  init?(_ text: String) {
    // Unicode takes CR and LF together for one character.
    let lines = text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
    guard let end = lines.dropLast().lastIndex(of: ""),
      let start = lines[..<end].lastIndex(where: { $0.hasPrefix("HTTP/") }),
      let status = lines[start].split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { return nil }
    self.status = status
    var fields: [String: String] = [:]
    for line in lines[(start + 1)..<end] {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      fields[line[..<colon].lowercased()] = String(value)
    }
    self.fields = fields
  }

  /// What tells this content from an earlier or later one at the same address: a strong ETag, or the time of its last
  /// change; RFC 9110, 13.1.5.
  var validator: String? {
    if let tag = fields["etag"], tag.hasPrefix("\"") { return tag }
    return fields["last-modified"]
  }

  /// The size of the whole content in bytes, where the server tells.
  var total: UInt64? {
    switch status {
    case 200: fields["content-length"].flatMap { UInt64($0) }
    case 206: fields["content-range"]?.split(separator: "/").last.flatMap { UInt64($0) }
    default: nil
    }
  }
}
