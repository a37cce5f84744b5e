import DomainXML

/// libvirt's schema of a domain's XML.
enum DomainSchema {
  /// Checks XML; nil where the schema is not installed, and libvirt's own check has to do.
  ///
  /// The schema is read when it is needed first, which takes some 15 ms.
  static let validator = try? SchemaValidator(.domain)
}
