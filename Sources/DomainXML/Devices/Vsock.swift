/// A socket between guest and host without a network (https://libvirt.org/formatdomain.html#vsock).
public struct Vsock: Sendable, Equatable {
  /// How the guest's context identifier is chosen.
  public enum ContextID: Sendable, Equatable {
    /// libvirt takes the first free one at start; in the XML of a running guest, the one it took.
    case automatic(assigned: UInt32? = nil)
    /// This one of ``Vsock/validIDs``.
    case fixed(UInt32)
    /// None is said.
    case unspecified
  }

  /// The identifiers that a guest may have: 0 to 2 and the highest have meanings of their own (vsock(7)).
  public static let validIDs: ClosedRange<UInt32> = 3...0xFFFF_FFFE
  /// ``validIDs`` in words, for errors.
  static let validIDText = "from \(validIDs.lowerBound) to \(validIDs.upperBound)"

  /// The guest's context identifier.
  public var contextID: ContextID
  /// The device that the guest sees, `virtio`.
  public var model: String?
  /// libvirt's name of the device.
  public var alias: String?
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes a socket.
  public init(contextID: ContextID = .automatic(), model: String? = "virtio", alias: String? = nil) {
    self.contextID = contextID
    self.model = model
    self.alias = alias
  }

  /// The identifier, where it is known.
  public var cid: UInt32? {
    switch contextID {
    case .automatic(let assigned): assigned
    case .fixed(let cid): cid
    case .unspecified: nil
    }
  }
}

extension Vsock {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    self.init(model: reader.attribute("model"))
    contextID =
      try reader.child("cid") { reader throws(DomainXMLError) in
        let automatic = try reader.flag("auto") ?? false
        let address: UInt32? = try reader.integer("address")
        if let address, !Self.validIDs.contains(address) {
          throw reader.invalid(String(address), at: "/@address", expected: "a CID \(Self.validIDText)")
        }
        if automatic { return .automatic(assigned: address) }
        return address.map { .fixed($0) } ?? .unspecified
      } ?? .unspecified
    alias = try reader.childAttribute("alias", "name")
    unknown = reader.unknown
  }

  func element() throws(DomainXMLError) -> XMLTree {
    if let cid, !Self.validIDs.contains(cid) {
      throw DomainXMLError(
        .invalidValue, "\(cid) is no guest's CID", path: "domain/devices/vsock/cid/@address",
        hint: "choose one \(Self.validIDText)")
    }
    var tree = XMLTree("vsock")
    tree.put("model", model)
    switch contextID {
    case .automatic(let assigned):
      tree.add("cid") { tree in
        tree.put("auto", "yes")
        tree.put("address", assigned)
      }
    case .fixed(let cid):
      tree.add("cid") { tree in
        tree.put("auto", "no")
        tree.put("address", cid)
      }
    case .unspecified: break
    }
    DeviceParts.write(bootOrder: nil, alias: alias, to: &tree)
    unknown.merge(into: &tree)
    return tree
  }
}
