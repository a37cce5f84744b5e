import DomainXML

/// What a guest begins to run from, with the XML that says which vsock CID it then has.
protocol StartTarget: Sendable {
  /// The XPath of the attribute, or attributes, of the XML that hold the CID.
  static var cidPath: String { get }
  /// The CID that is fixed in the XML at first; nil where there is none, or where the guest does not run afterwards.
  func cid() throws -> UInt32?
  /// The XML of now, whole.
  func xml() async throws -> String
  /// Puts changed XML in the place of the old.
  func write(_ xml: String) async throws
  /// Has the guest begin.
  func start() async throws
}

extension StartTarget {
  /// Where a domain's XML holds its CID.
  static var cidAttribute: String { "devices/vsock/cid/@address" }
  static var cidPath: String { "/domain/\(cidAttribute)" }
}

extension DomainDefinition {
  /// The CID that libvirt is told to give the guest; nil where it has none, or where libvirt chooses.
  var fixedCID: UInt32? {
    guard case .fixed(let cid)? = devices.vsock?.contextID else { return nil }
    return cid
  }
}
