extension SnapshotDefinition {
  /// Reads a snapshot from libvirt's XML.
  ///
  /// - Throws: ``DomainXMLError`` when the text is not XML, is larger than the limits, or is no snapshot.
  public init(xml: String, limits: XMLLimits = .standard) throws(DomainXMLError) {
    try self.init(tree: XMLTree(parsing: xml, limits: limits))
  }

  /// Reads a snapshot from a tree, whose root is `<domainsnapshot>`.
  public init(tree: XMLTree) throws(DomainXMLError) {
    var reader = XMLReader(tree)
    guard tree.name == "domainsnapshot" else {
      throw DomainXMLError(
        .unexpectedRoot, "the document is <\(tree.name)>, not <domainsnapshot>", path: tree.name, line: tree.line)
    }
    self.init()
    namespaces = reader.takeNamespaces()
    name = try reader.childText("name")
    description = try reader.childText("description")
    state = try reader.child("state") { reader in State(reader.word()) }
    creationTime = try reader.child("creationTime") { reader throws(DomainXMLError) in
      try reader.number(reader.text())
    }
    parent = try reader.child("parent") { reader throws(DomainXMLError) in try reader.childText("name") } ?? nil
    memory = try reader.value("memory") { reader in
      var memory = Memory(kind: reader.word("snapshot"), file: reader.attribute("file"))
      memory.unknown = reader.unknown
      return memory
    }
    disks = try reader.child("disks") { reader throws(DomainXMLError) in
      try reader.values("disk") { reader throws(DomainXMLError) in try Disk(&reader) }
    }
    // Very old snapshots hold nothing but the guest's UUID, which stays in the snapshot's `unknown`.
    domain = try reader.value("domain", where: { $0.element("name") != nil }) { reader throws(DomainXMLError) in
      try DomainDefinition(&reader)
    }
    inactiveDomain = try reader.value("inactiveDomain") { reader throws(DomainXMLError) in
      try DomainDefinition(&reader)
    }
    unknown = reader.unknown
  }

  /// The snapshot as XML text.
  ///
  /// - Throws: ``DomainXMLError`` when a value cannot be written, naming where it stands.
  public func xml(limits: XMLLimits = .standard) throws(DomainXMLError) -> String {
    try tree().serialized(limits: limits)
  }

  /// The snapshot as a tree.
  public func tree() throws(DomainXMLError) -> XMLTree {
    var tree = XMLTree("domainsnapshot", namespaces: namespaces)
    tree.add("name", text: name)
    tree.add("description", text: description)
    tree.add("state", text: state?.rawValue)
    if let parent { tree.add("parent") { $0.add("name", text: parent) } }
    if let creationTime { tree.add("creationTime", text: String(creationTime)) }
    if let memory {
      tree.add("memory") { tree in
        tree.put("snapshot", memory.kind)
        tree.put("file", memory.file)
        memory.unknown.merge(into: &tree)
      }
    }
    if let disks {
      tree.add("disks") { tree in
        for disk in disks { tree.add(disk.element) }
      }
    }
    if let domain { tree.add(try domain.tree(named: "domain")) }
    if let inactiveDomain { tree.add(try inactiveDomain.tree(named: "inactiveDomain")) }
    unknown.merge(into: &tree)
    return tree
  }
}

extension SnapshotDefinition.Disk {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    guard let name = reader.attribute("name") else { throw reader.missing("a name") }
    self.init(name: name, kind: reader.word("snapshot"), type: reader.attribute("type"))
    format = try reader.child("driver") { reader in reader.word("type") } ?? nil
    if (type ?? "file") == "file" { file = try reader.childAttribute("source", "file") }
    unknown = reader.unknown
  }

  var element: XMLTree {
    var tree = XMLTree("disk")
    tree.put("name", name)
    tree.put("snapshot", kind)
    tree.put("type", type)
    if let format { tree.add("driver") { $0.put("type", format) } }
    if let file { tree.add("source") { $0.put("file", file) } }
    unknown.merge(into: &tree)
    return tree
  }
}
