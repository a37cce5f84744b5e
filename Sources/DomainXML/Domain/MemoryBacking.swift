/// Where a guest's memory comes from (https://libvirt.org/formatdomain.html#memory-backing).
public struct MemoryBacking: Sendable, Equatable {
  /// What the host allocates the memory from.
  public struct Source: OpenEnum {
    /// The word as it stands in the XML.
    public let rawValue: String
    /// Takes the word as it stands in the XML.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// Anonymous memory.
    public static let anonymous = Self("anonymous")
    /// A file under QEMU's memory directory.
    public static let file = Self("file")
    /// A memfd: shareable without a mount, also with huge pages.
    public static let memfd = Self("memfd")
  }

  /// Whether other processes may map the memory, as vhost-user devices must.
  public struct Access: OpenEnum {
    /// The word as it stands in the XML.
    public let rawValue: String
    /// Takes the word as it stands in the XML.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// They may.
    public static let shared = Self("shared")
    /// They may not.
    public static let `private` = Self("private")
  }

  /// When the memory is allocated.
  public struct Allocation: OpenEnum {
    /// The word as it stands in the XML.
    public let rawValue: String
    /// Takes the word as it stands in the XML.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// At start.
    public static let immediate = Self("immediate")
    /// When the guest touches it.
    public static let onDemand = Self("ondemand")
  }

  /// A size of huge pages and the guest's NUMA nodes that get them.
  public struct HugePage: Sendable, Equatable {
    /// The size of a page.
    public var size: MemorySize
    /// The nodes, like `0-3,5`; nil for all.
    public var nodeset: String?
    /// What was read and is not known here.
    public var unknown = UnknownXML()

    /// Makes one.
    public init(size: MemorySize, nodeset: String? = nil) {
      self.size = size
      self.nodeset = nodeset
    }
  }

  /// Huge pages: nil for none, an empty list for the host's default size.
  public var hugePages: [HugePage]?
  /// Where it is allocated from.
  public var source: Source?
  /// Whether it is shared.
  public var access: Access?
  /// When it is allocated.
  public var allocation: Allocation?
  /// Whether it is locked into the host's memory.
  public var isLocked: Bool
  /// Whether the host may merge equal pages of guests; false writes `<nosharepages/>`.
  public var allowsPageSharing: Bool
  /// Whether the host may drop the contents when the guest ends.
  public var discards: Bool

  /// Makes a backing.
  public init(
    hugePages: [HugePage]? = nil, source: Source? = nil, access: Access? = nil, allocation: Allocation? = nil,
    isLocked: Bool = false, allowsPageSharing: Bool = true, discards: Bool = false
  ) {
    self.hugePages = hugePages
    self.source = source
    self.access = access
    self.allocation = allocation
    self.isLocked = isLocked
    self.allowsPageSharing = allowsPageSharing
    self.discards = discards
  }

  /// A shared memfd, what vhost-user and virtiofs need.
  public static let sharedMemfd = MemoryBacking(source: .memfd, access: .shared)
}

extension MemoryBacking {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    self.init()
    hugePages = try reader.child("hugepages") { reader throws(DomainXMLError) in
      try reader.values("page") { reader throws(DomainXMLError) in
        guard let count: UInt64 = try reader.integer("size") else { throw reader.missing("a size") }
        var page = HugePage(size: try MemorySize.amount(count, &reader, unit: "unit"))
        page.nodeset = reader.attribute("nodeset")
        page.unknown = reader.unknown
        return page
      }
    }
    allowsPageSharing = try reader.child("nosharepages") { _ in } == nil
    isLocked = try reader.child("locked") { _ in } != nil
    source = try reader.child("source") { reader in reader.word("type") } ?? nil
    access = try reader.child("access") { reader in reader.word("mode") } ?? nil
    allocation = try reader.child("allocation") { reader in reader.word("mode") } ?? nil
    discards = try reader.child("discard") { _ in } != nil
  }

  func write(to tree: inout XMLTree) {
    if let hugePages {
      tree.add("hugepages") { tree in
        for page in hugePages {
          tree.add("page") { tree in
            let (count, unit) = page.size.written
            tree.put("size", count)
            tree.put("unit", unit)
            tree.put("nodeset", page.nodeset)
            page.unknown.merge(into: &tree)
          }
        }
      }
    }
    if !allowsPageSharing { tree.add(XMLTree("nosharepages")) }
    if isLocked { tree.add(XMLTree("locked")) }
    if let source { tree.add("source") { $0.put("type", source) } }
    if let access { tree.add("access") { $0.put("mode", access) } }
    if let allocation { tree.add("allocation") { $0.put("mode", allocation) } }
    if discards { tree.add(XMLTree("discard")) }
  }
}
