import CLibXML2
import Synchronization

/// Checks documents against the RELAX NG schemas that libvirt installs, without libvirt.
///
/// A schema is loaded once (some 15 ms for a domain's) and used again for every document. libxml2 does not promise
/// that one schema may serve several threads, so a mutex lets one document through at a time; a validator may be used
/// from any thread, and two of them do not wait for each other.
public final class SchemaValidator: Sendable {
  /// One of libvirt's schemas.
  public enum Schema: String, Sendable, CaseIterable {
    /// `<domain>`.
    case domain = "domain.rng"
    /// `<domainsnapshot>`.
    case domainSnapshot = "domainsnapshot.rng"
    /// `<network>`.
    case network = "network.rng"
  }

  /// Where libvirt installs its schemas.
  public static let standardDirectory = "/usr/share/libvirt/schemas"

  // libxml2 makes its tables of data types when a schema first asks for them, before 2.15 without a lock: of two threads
  // that load their first schemas at once, one then misses types. Reading this once makes them, for the whole process.
  private static let dataTypes: Void = {
    _ = LibXML.ready
    xmlRelaxNGInitTypes()
    xmlSchemaInitTypes()
  }()

  /// The schema that this one checks against.
  public let schema: Schema
  private let lock = Mutex(())
  // Safe: set once, used only while the lock is held, freed when nobody is left who could use it.
  private nonisolated(unsafe) let pointer: xmlRelaxNGPtr

  /// Loads a schema.
  ///
  /// - Throws: ``DomainXMLError`` of the kind `schema` when it is not there or cannot be used.
  public init(_ schema: Schema, directory: String = SchemaValidator.standardDirectory) throws(DomainXMLError) {
    Self.dataTypes
    self.schema = schema
    let path = directory + "/" + schema.rawValue
    let (pointer, reports, _) = LibXML.collecting { sink in clx_load_schema(path, sink) }
    guard let pointer else {
      let reason = reports.first(where: { $0.level >= 2 }).map(\.message) ?? "libxml2 gave no reason"
      throw DomainXMLError(
        .schema, "the schema \(path) could not be loaded: \(reason)",
        hint: "libvirt's schemas come with its package (libvirt0 on Debian)")
    }
    self.pointer = pointer
  }

  deinit { xmlRelaxNGFree(pointer) }

  /// The problems of a document; none when it is valid.
  ///
  /// - Throws: ``DomainXMLError`` when the text is not XML at all.
  public func problems(in xml: String, limits: XMLLimits = .standard) throws(DomainXMLError) -> [SchemaProblem] {
    let document = try LibXML.parse(xml, limits: limits)
    let (status, reports) = check(document.pointer)
    if status < 0 { throw DomainXMLError(.library, "libxml2 could not validate the document") }
    guard status != 0 else { return [] }
    if let culprit = culprit(in: document) { return [culprit] }
    guard !reports.isEmpty else {
      return [SchemaProblem(line: nil, path: nil, message: "the document is not valid, and libxml2 does not say why")]
    }
    return reports.map { SchemaProblem($0) }
  }

  /// Throws unless a document is valid: the first problem, of the kind `invalidDocument`.
  public func validate(_ xml: String, limits: XMLLimits = .standard) throws(DomainXMLError) {
    guard let problem = try problems(in: xml, limits: limits).first else { return }
    throw DomainXMLError(
      .invalidDocument, "the document does not fit libvirt's schema \(schema.rawValue): \(problem.message)",
      path: problem.path, line: problem.line)
  }

  func isValid(_ document: xmlDocPtr) -> Bool { check(document).status == 0 }

  private func check(_ document: xmlDocPtr) -> (status: Int32, reports: [LibXML.Report]) {
    let (status, reports, _) = LibXML.collecting { sink in
      lock.withLock { _ in clx_validate(pointer, document, sink) }
    }
    return (status, reports)
  }
}
