import DomainXML
import NestorSupport

/// What Nestor knows of a guest beyond libvirt's own settings; it lies in the domain's `<metadata>`.
///
/// Anybody who may read the domain's XML may read this too: never put a secret here. See
/// https://libvirt.org/formatdomain.html#general-metadata.
package struct GuestRecord: Sendable, Equatable {
  /// How far Nestor is with the guest.
  package enum Stage: String, Sendable {
    /// Its files are not all there yet; a program that was killed leaves it so.
    case incomplete
    /// All is there.
    case complete
    /// It is being deleted, and some of its files may be gone.
    case deleting
  }

  /// How far Nestor is with the guest.
  package var stage: Stage
  /// The template's name.
  package var template: String
  /// The absolute path of the template's file at that time; nil for a guest of a version that did not note it.
  package var templateFile: String?
  /// The template's parameters by name, as they were given or as they are by default.
  package var parameters: [String: String]
  /// The name of the image that it boots, where there is one.
  package var image: String?
  /// The image's digest at that time.
  package var imageDigest: String?
  /// The digests of the images that its disks are laid over, by their names.
  package var diskImages: [String: String]
  /// The start of the console's line that shows that the guest is up.
  package var readyLine: String?
  /// How long it may take to be up, in whole seconds; nil for a guest of a version that did not note it.
  package var readyTimeout: Duration?
  /// The vsock context ID that was asked for beside the template.
  package var contextID: UInt32?
  /// The name that the guest had then of which this one is a copy; nil for one that was made from its template.
  package var copiedFrom: String?

  /// What stands for a parameter that is a secret.
  static let notKept = "(not kept)"

  /// The namespace of the record's element.
  package static let namespace = "urn:nestor:guest:1"
  /// The prefix that libvirt writes it with.
  package static let prefix = "nestor"

  package init(
    stage: Stage = .incomplete, template: String, templateFile: String? = nil, parameters: [String: String] = [:],
    image: String? = nil, imageDigest: String? = nil, diskImages: [String: String] = [:], readyLine: String? = nil,
    readyTimeout: Duration? = nil, contextID: UInt32? = nil, copiedFrom: String? = nil
  ) {
    self.stage = stage
    self.template = template
    self.templateFile = templateFile
    self.parameters = parameters
    self.image = image
    self.imageDigest = imageDigest
    self.diskImages = diskImages
    self.readyLine = readyLine
    self.readyTimeout = readyTimeout
    self.contextID = contextID
    self.copiedFrom = copiedFrom
  }

  /// Refuses a guest, of this name, that another program left half made or half deleted.
  func requireComplete(_ name: String, to verb: String) throws {
    guard stage != .complete else { return }
    let what = stage == .incomplete ? "made" : "deleted"
    throw NestorError(
      .invalidState, "cannot \(verb) guest '\(name)': it is only half \(what)",
      cause: "the program that \(what) it was ended before it was through",
      hint: "nestor delete \(name), or nestor gc --yes for all of them")
  }

  /// Reads a record; nil where the element is one that this version does not know.
  package init?(xml: String) {
    guard let tree = try? XMLTree(parsing: xml) else { return nil }
    // libvirt gives the element with or without its prefix, by the way it is asked.
    func isNamed(_ element: XMLTree, _ name: String) -> Bool {
      element.name == name || element.name == "\(Self.prefix):\(name)"
    }
    guard isNamed(tree, "guest") else { return nil }
    stage = tree["stage"].flatMap { Stage(rawValue: $0) } ?? .complete
    template = tree["template"] ?? ""
    templateFile = tree["template-file"]
    image = tree["image"]
    imageDigest = tree["image-digest"]
    readyLine = tree["ready-line"]
    readyTimeout = tree["ready-timeout"].flatMap { UInt32($0) }.map { .seconds($0) }
    contextID = tree["cid"].flatMap { UInt32($0) }
    copiedFrom = tree["copied-from"]
    parameters = [:]
    diskImages = [:]
    for element in tree.elements {
      guard let name = element["name"] else { continue }
      if isNamed(element, "parameter") { parameters[name] = element["value"] ?? "" }
      if isNamed(element, "disk-image") { diskImages[name] = element["digest"] ?? "" }
    }
  }

  /// Whether the guest cannot do without an image.
  func needs(_ image: String) -> Bool { self.image == image || diskImages[image] != nil }

  /// The record as an element of a domain's XML, with its namespace.
  func tree() -> XMLTree {
    var tree = XMLTree(
      "\(Self.prefix):guest", namespaces: [XMLTree.Namespace(prefix: Self.prefix, uri: Self.namespace)])
    fill(&tree, prefix: "\(Self.prefix):")
    return tree
  }

  /// The record as libvirt's call for metadata takes it: the call adds prefix and namespace, and refuses XML with them.
  func bareTree() -> XMLTree {
    var tree = XMLTree("guest")
    fill(&tree, prefix: "")
    return tree
  }

  private func fill(_ tree: inout XMLTree, prefix: String) {
    if stage != .complete { tree["stage"] = stage.rawValue }
    tree["template"] = template
    tree["template-file"] = templateFile
    tree["image"] = image
    tree["image-digest"] = imageDigest
    tree["ready-line"] = readyLine
    tree["ready-timeout"] = readyTimeout.map { String($0.components.seconds) }
    tree["cid"] = contextID.map { String($0) }
    tree["copied-from"] = copiedFrom
    for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
      var element = XMLTree("\(prefix)parameter")
      element["name"] = name
      element["value"] = value
      tree.children.append(.element(element))
    }
    for (name, digest) in diskImages.sorted(by: { $0.key < $1.key }) {
      var element = XMLTree("\(prefix)disk-image")
      element["name"] = name
      element["digest"] = digest
      tree.children.append(.element(element))
    }
  }
}

extension DomainDefinition {
  /// What Nestor knew of the guest when this was its definition; nil where it was not Nestor's.
  func guestRecord() throws -> GuestRecord? {
    try metadata[GuestRecord.namespace].flatMap { GuestRecord(xml: try $0.serialized()) }
  }
}
