extension NetworkDefinition {
  /// Reads a network from libvirt's XML.
  ///
  /// - Throws: ``DomainXMLError`` when the text is not XML, is larger than the limits, or is no network.
  public init(xml: String, limits: XMLLimits = .standard) throws(DomainXMLError) {
    try self.init(tree: XMLTree(parsing: xml, limits: limits))
  }

  /// Reads a network from a tree, whose root is `<network>`.
  public init(tree: XMLTree) throws(DomainXMLError) {
    var reader = XMLReader(tree)
    guard tree.name == "network" else {
      throw DomainXMLError(
        .unexpectedRoot, "the document is <\(tree.name)>, not <network>", path: tree.name, line: tree.line)
    }
    guard let name = try reader.childText("name") else { throw reader.missing("a name") }
    self.init(name: name)
    namespaces = reader.takeNamespaces()
    uuid = try reader.child("uuid") { reader in reader.word() }
    metadata = try DomainMetadata.read(&reader) ?? DomainMetadata()
    forward = try reader.value("forward") { reader throws(DomainXMLError) in
      var forward = Forward(reader.word("mode"), device: reader.attribute("dev"))
      forward.translatesIPv6 =
        try reader.child("nat") { reader throws(DomainXMLError) in try reader.flag("ipv6") } ?? nil
      forward.unknown = reader.unknown
      return forward
    }
    bridge = try reader.value("bridge") { reader throws(DomainXMLError) in
      var bridge = Bridge(name: reader.attribute("name"))
      bridge.stp = try reader.flag("stp")
      bridge.delay = try reader.integer("delay")
      bridge.unknown = reader.unknown
      return bridge
    }
    if let size = try reader.childAttribute("mtu", "size") { mtu = try reader.number(size, at: "/mtu/@size") }
    mac = try reader.childAttribute("mac", "address")
    domain = try reader.value("domain") { reader throws(DomainXMLError) in
      guard let name = reader.attribute("name") else { throw reader.missing("a name") }
      var domain = DNSDomain(name, isLocalOnly: try reader.flag("localOnly"))
      domain.unknown = reader.unknown
      return domain
    }
    dns = try reader.value("dns") { reader throws(DomainXMLError) in try DNS(&reader) }
    addresses = try reader.values("ip") { reader throws(DomainXMLError) in try NetworkAddress(&reader) }
    isolatesPorts = try reader.child("port") { reader throws(DomainXMLError) in try reader.flag("isolated") } ?? nil
    unknown = reader.unknown
  }

  /// The network as XML text.
  ///
  /// - Throws: ``DomainXMLError`` when a value cannot be written, naming where it stands.
  public func xml(limits: XMLLimits = .standard) throws(DomainXMLError) -> String {
    try tree().serialized(limits: limits)
  }

  /// The network as a tree.
  public func tree() -> XMLTree {
    var tree = XMLTree("network", namespaces: namespaces)
    tree.add("name", text: name)
    tree.add("uuid", text: uuid)
    metadata.write(to: &tree)
    if let forward {
      tree.add("forward") { tree in
        tree.put("dev", forward.device)
        tree.put("mode", forward.mode)
        if let translates = forward.translatesIPv6 { tree.add("nat") { $0.put("ipv6", yes: translates) } }
        forward.unknown.merge(into: &tree)
      }
    }
    if let bridge {
      tree.add("bridge") { tree in
        tree.put("name", bridge.name)
        tree.put("stp", on: bridge.stp)
        tree.put("delay", bridge.delay)
        bridge.unknown.merge(into: &tree)
      }
    }
    if let mtu { tree.add("mtu") { $0.put("size", mtu) } }
    if let mac { tree.add("mac") { $0.put("address", mac) } }
    if let domain {
      tree.add("domain") { tree in
        tree.put("name", domain.name)
        tree.put("localOnly", yes: domain.isLocalOnly)
        domain.unknown.merge(into: &tree)
      }
    }
    if let dns { tree.add("dns") { dns.write(to: &$0) } }
    for address in addresses { tree.add(address.element) }
    if let isolatesPorts { tree.add("port") { $0.put("isolated", yes: isolatesPorts) } }
    unknown.merge(into: &tree)
    return tree
  }
}

extension NetworkDefinition.DNS {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    self.init()
    isEnabled = try reader.flag("enable")
    forwardsPlainNames = try reader.flag("forwardPlainNames")
    hosts = try reader.values("host", where: { $0["ip"] != nil }) { reader throws(DomainXMLError) in
      var host = Host(reader.attribute("ip") ?? "", names: [])
      host.names = try reader.values("hostname", where: { $0.attributes.isEmpty && $0.elements.isEmpty }) { reader in
        reader.text()
      }
      host.unknown = reader.unknown
      return host
    }
    unknown = reader.unknown
  }

  func write(to tree: inout XMLTree) {
    tree.put("enable", yes: isEnabled)
    tree.put("forwardPlainNames", yes: forwardsPlainNames)
    for host in hosts {
      tree.add("host") { tree in
        tree.put("ip", host.address)
        for name in host.names { tree.add("hostname", text: name) }
        host.unknown.merge(into: &tree)
      }
    }
    unknown.merge(into: &tree)
  }
}
