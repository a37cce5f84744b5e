/// How a security driver confines the guest (https://libvirt.org/formatdomain.html#security-label).
public struct SecurityLabel: Sendable, Equatable {
  /// `dynamic`, `static` or `none`.
  public var type: String?
  /// The driver: `apparmor`, `selinux`, `dac`.
  public var model: String?
  /// Whether libvirt labels the guest's files.
  public var relabels: Bool?
  /// The label of the process.
  public var label: String?
  /// What a dynamic label is made from.
  public var baseLabel: String?
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes one.
  public init(
    type: String? = nil, model: String? = nil, relabels: Bool? = nil, label: String? = nil, baseLabel: String? = nil
  ) {
    self.type = type
    self.model = model
    self.relabels = relabels
    self.label = label
    self.baseLabel = baseLabel
  }
}

extension SecurityLabel {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    self.init(type: reader.attribute("type"), model: reader.attribute("model"))
    relabels = try reader.flag("relabel")
    label = try reader.childText("label")
    baseLabel = try reader.childText("baselabel")
    unknown = reader.unknown
  }

  func write(to tree: inout XMLTree) {
    tree.put("type", type)
    tree.put("model", model)
    tree.put("relabel", yes: relabels)
    tree.add("label", text: label)
    tree.add("baselabel", text: baseLabel)
    unknown.merge(into: &tree)
  }
}
