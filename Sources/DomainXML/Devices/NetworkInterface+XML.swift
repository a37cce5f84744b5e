extension NetworkInterface {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    guard let type = reader.attribute("type") else { throw reader.missing("a type") }
    self.init(source: try Self.source(type, &reader), model: nil)
    mac = try reader.childAttribute("mac", "address")
    targetDevice = try reader.childAttribute("target", "dev")
    model = try reader.childAttribute("model", "type").map { Model($0) }
    try reader.child("driver") { reader throws(DomainXMLError) in
      driver = reader.word("name")
      queues = try reader.integer("queues")
    }
    bandwidth = try reader.child("bandwidth") { reader throws(DomainXMLError) in
      Bandwidth(inbound: try Limit.read("inbound", of: &reader), outbound: try Limit.read("outbound", of: &reader))
    }
    filter = try reader.value("filterref") { reader throws(DomainXMLError) in
      guard let name = reader.attribute("filter") else { throw reader.missing("a filter") }
      var filter = FilterReference(name)
      filter.parameters = try reader.values(
        "parameter",
        where: { $0["name"] != nil && $0["value"] != nil && $0.attributes.count == 2 && $0.children.isEmpty }
      ) { reader in
        FilterReference.Parameter(reader.attribute("name") ?? "", reader.attribute("value") ?? "")
      }
      filter.unknown = reader.unknown
      return filter
    }
    if let state = try reader.childAttribute("link", "state") {
      guard state == "up" || state == "down" else {
        throw reader.invalid(state, at: "/link/@state", expected: "up or down")
      }
      isLinkUp = state == "up"
    }
    if let size = try reader.childAttribute("mtu", "size") { mtu = try reader.number(size, at: "/mtu/@size") }
    isIsolated = try reader.child("port") { reader throws(DomainXMLError) in try reader.flag("isolated") } ?? nil
    bootOrder = try DeviceParts.bootOrder(&reader)
    alias = try reader.childAttribute("alias", "name")
    unknown = reader.unknown
  }

  private static func source(_ type: String, _ reader: inout XMLReader) throws(DomainXMLError) -> Source {
    switch type {
    case "network":
      guard let name = try reader.childAttribute("source", "network") else { throw reader.missing("a source network") }
      return .network(name)
    case "bridge":
      guard let name = try reader.childAttribute("source", "bridge") else { throw reader.missing("a source bridge") }
      return .bridge(name)
    case "user": return .user
    case "ethernet": return .ethernet
    case "vhostuser":
      let source = try reader.child("source") { reader in
        (reader.attribute("type"), reader.attribute("path"), reader.attribute("mode"))
      }
      guard let source, let path = source.1 else { throw reader.missing("a source path") }
      guard source.2 == "client" || source.2 == "server" else {
        throw reader.invalid(source.2 ?? "", at: "/source/@mode", expected: "client or server")
      }
      return .vhostUser(path: path, isServer: source.2 == "server")
    case "direct":
      let source = try reader.child("source") { reader in (reader.attribute("dev"), reader.attribute("mode")) }
      guard let device = source?.0 else { throw reader.missing("a source dev") }
      return .direct(device: device, mode: source?.1)
    default: return .other(type: type)
    }
  }

  /// The card as the element that libvirt's calls for one device take, such as virDomainAttachDeviceFlags.
  ///
  /// - Throws: ``DomainXMLError`` when a value cannot be written, naming where it stands.
  public func xml(limits: XMLLimits = .standard) throws(DomainXMLError) -> String {
    try element.serialized(limits: limits)
  }

  var element: XMLTree {
    var tree = XMLTree("interface")
    tree.put("type", source.type)
    if let mac { tree.add("mac") { $0.put("address", mac) } }
    source.write(to: &tree)
    if let bandwidth {
      tree.add("bandwidth") { tree in
        bandwidth.inbound?.write("inbound", to: &tree)
        bandwidth.outbound?.write("outbound", to: &tree)
      }
    }
    if let targetDevice { tree.add("target") { $0.put("dev", targetDevice) } }
    if let isIsolated { tree.add("port") { $0.put("isolated", yes: isIsolated) } }
    if let model { tree.add("model") { $0.put("type", model) } }
    tree.addUnlessEmpty("driver") { tree in
      tree.put("name", driver)
      tree.put("queues", queues)
    }
    if let filter {
      tree.add("filterref") { tree in
        tree.put("filter", filter.filter)
        for parameter in filter.parameters {
          tree.add("parameter") { tree in
            tree.put("name", parameter.name)
            tree.put("value", parameter.value)
          }
        }
        filter.unknown.merge(into: &tree)
      }
    }
    if let isLinkUp { tree.add("link") { $0.put("state", isLinkUp ? "up" : "down") } }
    if let mtu { tree.add("mtu") { $0.put("size", mtu) } }
    DeviceParts.write(bootOrder: bootOrder, alias: alias, to: &tree)
    unknown.merge(into: &tree)
    return tree
  }
}

extension NetworkInterface.Limit {
  static func read(_ name: String, of reader: inout XMLReader) throws(DomainXMLError) -> Self? {
    try reader.value(name) { reader throws(DomainXMLError) in
      var limit = Self()
      limit.average = try reader.integer("average")
      limit.peak = try reader.integer("peak")
      limit.burst = try reader.integer("burst")
      limit.floor = try reader.integer("floor")
      limit.unknown = reader.unknown
      return limit
    }
  }

  func write(_ name: String, to tree: inout XMLTree) {
    tree.add(name) { tree in
      tree.put("average", average)
      tree.put("peak", peak)
      tree.put("burst", burst)
      tree.put("floor", floor)
      unknown.merge(into: &tree)
    }
  }
}

extension NetworkInterface.Source {
  var type: String {
    switch self {
    case .network: "network"
    case .bridge: "bridge"
    case .user: "user"
    case .ethernet: "ethernet"
    case .vhostUser: "vhostuser"
    case .direct: "direct"
    case .other(let type): type
    }
  }

  func write(to tree: inout XMLTree) {
    switch self {
    case .network(let name): tree.add("source") { $0.put("network", name) }
    case .bridge(let name): tree.add("source") { $0.put("bridge", name) }
    case .vhostUser(let path, let isServer):
      tree.add("source") { tree in
        tree.put("type", "unix")
        tree.put("path", path)
        tree.put("mode", isServer ? "server" : "client")
      }
    case .direct(let device, let mode):
      tree.add("source") { tree in
        tree.put("dev", device)
        tree.put("mode", mode)
      }
    case .user, .ethernet, .other: break
    }
  }
}
