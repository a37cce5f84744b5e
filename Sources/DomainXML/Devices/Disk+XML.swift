extension Disk {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    let device: Device = reader.word("device") ?? .disk
    // libvirt's default, see virDomainDiskDefParseXML.
    let source = try DiskSource.read(type: reader.attribute("type") ?? "file", &reader)
    let target = try reader.child("target") { reader in (reader.attribute("dev"), reader.attribute("bus")) }
    guard let target, let name = target.0 else {
      throw reader.missing("a target with a dev", hint: "give the disk a target such as <target dev=\"vda\"/>")
    }
    self.init(device: device, source: source, target: name, bus: target.1.map { Bus($0) })
    try reader.child("driver") { reader throws(DomainXMLError) in
      driverName = reader.attribute("name")
      format = reader.word("type")
      cache = reader.word("cache")
      errorPolicy = reader.attribute("error_policy")
      io = reader.word("io")
      discard = reader.word("discard")
      detectZeroes = reader.attribute("detect_zeroes")
      ioThread = try reader.integer("iothread")
      queues = try reader.integer("queues")
    }
    backingChain = try BackingChain.read(&reader)
    isReadOnly = try reader.child("readonly") { _ in } != nil
    isShareable = try reader.child("shareable") { _ in } != nil
    isTransient = try reader.child("transient") { _ in } != nil
    serial = try reader.childText("serial")
    wwn = try reader.childText("wwn")
    bootOrder = try DeviceParts.bootOrder(&reader)
    alias = try reader.childAttribute("alias", "name")
    unknown = reader.unknown
  }

  /// The disk as the element that libvirt's calls for one device take, such as virDomainAttachDeviceFlags.
  ///
  /// - Throws: ``DomainXMLError`` when a value cannot be written, naming where it stands.
  public func xml(limits: XMLLimits = .standard) throws(DomainXMLError) -> String {
    try element.serialized(limits: limits)
  }

  var element: XMLTree {
    var tree = XMLTree("disk")
    tree.put("type", source.type)
    tree.put("device", device)
    tree.addUnlessEmpty("driver") { tree in
      tree.put("name", driverName)
      tree.put("type", format)
      tree.put("cache", cache)
      tree.put("error_policy", errorPolicy)
      tree.put("io", io)
      tree.put("discard", discard)
      tree.put("detect_zeroes", detectZeroes)
      tree.put("iothread", ioThread)
      tree.put("queues", queues)
    }
    source.write(to: &tree)
    if let chain = backingChain?.element { tree.add(chain) }
    tree.add("target") { tree in
      tree.put("dev", target)
      tree.put("bus", bus)
    }
    if isReadOnly { tree.add(XMLTree("readonly")) }
    if isShareable { tree.add(XMLTree("shareable")) }
    if isTransient { tree.add(XMLTree("transient")) }
    tree.add("serial", text: serial)
    tree.add("wwn", text: wwn)
    DeviceParts.write(bootOrder: bootOrder, alias: alias, to: &tree)
    unknown.merge(into: &tree)
    return tree
  }
}
