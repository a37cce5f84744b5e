import CLibXML2

/// The little that is common to all calls into libxml2.
enum LibXML {
  /// Makes the library's tables before any thread uses them; reading it once is enough. They are never freed, since
  /// others in the process, libvirt among them, use the same library.
  static let ready: Bool = {
    xmlInitParser()
    return true
  }()

  /// An error as libxml2 tells it.
  struct Report {
    var code: Int32
    var level: Int32
    var line: Int
    var column: Int
    var message: String
    var element: String?
    var parent: String?
  }

  /// Gathers what one call reports; used by one thread at a time.
  final class Collector {
    var reports: [Report] = []
    static let most = 32

    /// The first real error, with its message on one line.
    var first: Report? { reports.first { $0.level >= 2 } ?? reports.first }
  }

  /// Runs a call with a place for its errors.
  static func collecting<Result>(_ body: (UnsafeMutablePointer<clx_sink>) -> Result) -> (Result, [Report], Bool) {
    _ = ready
    let collector = Collector()
    return withExtendedLifetime(collector) {
      var sink = clx_sink()
      sink.context = Unmanaged.passUnretained(collector).toOpaque()
      sink.report = { context, code, level, line, column, message, element, parent in
        guard let context else { return }
        let collector = Unmanaged<Collector>.fromOpaque(context).takeUnretainedValue()
        guard collector.reports.count < Collector.most else { return }
        collector.reports.append(
          Report(
            code: code, level: level, line: line, column: Int(column),
            message: message.map { XMLText.trimmed(String(cString: $0)) } ?? "",
            element: element.map { String(cString: $0) }, parent: parent.map { String(cString: $0) }))
      }
      let result = body(&sink)
      return (result, collector.reports, sink.doctype != 0)
    }
  }

  /// A document of libxml2 with one owner.
  final class Document {
    let pointer: xmlDocPtr
    init(_ pointer: xmlDocPtr) { self.pointer = pointer }
    deinit { xmlFreeDoc(pointer) }
  }

  /// Parses text. Throws when it is larger than the limits, not well-formed, or declares a document type.
  static func parse(_ text: String, limits: XMLLimits) throws(DomainXMLError) -> Document {
    var text = text
    let result = text.withUTF8 { bytes in
      Result { () throws(DomainXMLError) in try parse(UnsafeRawBufferPointer(bytes), limits: limits) }
    }
    return try result.get()
  }

  /// Parses bytes that should be UTF-8.
  static func parse(_ bytes: UnsafeRawBufferPointer, limits: XMLLimits) throws(DomainXMLError) -> Document {
    guard bytes.count <= limits.maximumBytes, let size = Int32(exactly: bytes.count) else {
      throw DomainXMLError(
        .limitExceeded, "the document has \(bytes.count) bytes, more than the \(limits.maximumBytes) allowed")
    }
    guard let start = bytes.baseAddress, size > 0 else {
      throw DomainXMLError(.malformed, "the document is empty", line: 1, column: 1)
    }
    let (document, reports, doctype) = collecting { sink in
      clx_read_memory(start.assumingMemoryBound(to: CChar.self), size, sink)
    }
    if doctype {
      if let document { xmlFreeDoc(document) }
      throw DomainXMLError(
        .documentTypeRefused, "the document declares a document type, which is refused",
        hint: "remove the <!DOCTYPE …> declaration and write out what its entities stand for")
    }
    guard let document else { throw malformed(reports.first { $0.level >= 2 } ?? reports.first) }
    return Document(document)
  }

  static func malformed(_ report: Report?) -> DomainXMLError {
    guard let report else {
      return DomainXMLError(.library, "libxml2 could not parse the document and gave no reason")
    }
    // libxml2's message may quote the offending bytes on further lines.
    let message = report.message.split(whereSeparator: \.isNewline).first.map(String.init) ?? "not well-formed"
    if report.message.contains("Excessive depth") {
      return DomainXMLError(
        .limitExceeded, "elements lie too deep within each other", line: report.line, column: report.column)
    }
    return DomainXMLError(
      .malformed, message, line: report.line > 0 ? report.line : nil, column: report.column > 0 ? report.column : nil)
  }
}
