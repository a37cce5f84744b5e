extension DomainDefinition {
  /// Reads a definition from libvirt's XML.
  ///
  /// - Throws: ``DomainXMLError`` when the text is not XML, is larger than the limits, or is no domain.
  public init(xml: String, limits: XMLLimits = .standard) throws(DomainXMLError) {
    try self.init(tree: XMLTree(parsing: xml, limits: limits))
  }

  /// Reads a definition from a tree, whose root is `<domain>`.
  public init(tree: XMLTree) throws(DomainXMLError) {
    var reader = XMLReader(tree)
    guard tree.name == "domain" else {
      throw DomainXMLError(
        .unexpectedRoot, "the document is <\(tree.name)>, not <domain>", path: tree.name, line: tree.line)
    }
    try self.init(&reader)
  }

  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    guard let type = reader.attribute("type") else {
      throw reader.missing("a type", hint: "add type=\"kvm\" or \"qemu\"")
    }
    guard let name = try reader.childText("name") else { throw reader.missing("a name") }
    let memory = try reader.child("memory") { reader throws(DomainXMLError) in try MemorySize.read(&reader) }
    guard let memory else { throw reader.missing("a memory size") }
    self.init(name: name, memory: memory, type: VirtualizationType(type), features: .none)
    namespaces = reader.takeNamespaces()
    id = try reader.integer("id")
    uuid = try reader.child("uuid") { reader in reader.word() }
    generationID = try reader.child("genid") { reader in
      let text = reader.word()
      return text.isEmpty ? .automatic : .value(text)
    }
    title = try reader.childText("title")
    description = try reader.childText("description")
    metadata = try DomainMetadata.read(&reader) ?? DomainMetadata()
    currentMemory = try reader.child("currentMemory") { reader throws(DomainXMLError) in try MemorySize.read(&reader) }
    memoryBacking = try reader.child("memoryBacking") { reader throws(DomainXMLError) in try MemoryBacking(&reader) }
    try reader.child("vcpu") { reader throws(DomainXMLError) in
      vcpus = try reader.number(reader.text())
      currentVCPUs = try reader.integer("current")
    }
    ioThreads = try reader.child("iothreads") { reader throws(DomainXMLError) in try reader.number(reader.text()) }
    smbios = try reader.value("sysinfo", where: { $0["type"] == "smbios" }) { reader throws(DomainXMLError) in
      try SMBIOSInformation(&reader)
    }
    os =
      try reader.value("os") { reader throws(DomainXMLError) in try OperatingSystem(&reader) }
      ?? OperatingSystem(machine: nil)
    features = try reader.value("features") { reader throws(DomainXMLError) in try DomainFeatures(&reader) } ?? .none
    cpu = try reader.value("cpu") { reader throws(DomainXMLError) in try CPUModel(&reader) }
    clock = try reader.value("clock") { reader throws(DomainXMLError) in try DomainClock(&reader) }
    onPowerOff = try reader.child("on_poweroff") { reader in LifecycleAction(reader.word()) }
    onReboot = try reader.child("on_reboot") { reader in LifecycleAction(reader.word()) }
    onCrash = try reader.child("on_crash") { reader in LifecycleAction(reader.word()) }
    devices =
      try reader.value("devices") { reader throws(DomainXMLError) in try DomainDevices(&reader) }
      ?? DomainDevices()
    securityLabels = try reader.values("seclabel") { reader throws(DomainXMLError) in try SecurityLabel(&reader) }
    unknown = reader.unknown
  }

  /// The definition as XML text.
  ///
  /// - Throws: ``DomainXMLError`` when a value cannot be written, naming where it stands.
  public func xml(limits: XMLLimits = .standard) throws(DomainXMLError) -> String {
    try tree().serialized(limits: limits)
  }

  /// The definition as a tree.
  public func tree() throws(DomainXMLError) -> XMLTree { try tree(named: "domain") }

  func tree(named root: String) throws(DomainXMLError) -> XMLTree {
    var tree = XMLTree(root, namespaces: namespaces)
    tree.put("type", type)
    tree.put("id", id)
    tree.add("name", text: name)
    tree.add("uuid", text: uuid)
    switch generationID {
    case .automatic: tree.add(XMLTree("genid"))
    case .value(let value): tree.add("genid", text: value)
    case nil: break
    }
    tree.add("title", text: title)
    tree.add("description", text: description)
    metadata.write(to: &tree)
    tree.add(memory.element("memory"))
    if let currentMemory { tree.add(currentMemory.element("currentMemory")) }
    if let memoryBacking { tree.add("memoryBacking") { memoryBacking.write(to: &$0) } }
    tree.add("vcpu") { tree in
      tree.put("current", currentVCPUs)
      tree.children.append(.text(String(vcpus)))
    }
    if let ioThreads { tree.add("iothreads", text: String(ioThreads)) }
    if let smbios { tree.add("sysinfo") { smbios.write(to: &$0) } }
    tree.add("os") { os.write(to: &$0) }
    tree.addUnlessEmpty("features") { features.write(to: &$0) }
    if let cpu { tree.add("cpu") { cpu.write(to: &$0) } }
    if let clock { tree.add("clock") { clock.write(to: &$0) } }
    tree.add("on_poweroff", text: onPowerOff?.rawValue)
    tree.add("on_reboot", text: onReboot?.rawValue)
    tree.add("on_crash", text: onCrash?.rawValue)
    tree.add(try devices.element())
    for label in securityLabels { tree.add("seclabel") { label.write(to: &$0) } }
    unknown.merge(into: &tree)
    return tree
  }
}
