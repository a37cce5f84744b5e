/// A snapshot of a guest (https://libvirt.org/formatsnapshot.html).
///
/// Read from libvirt it holds the guest's definition at the time, ``domain``; written back with libvirt's REDEFINE
/// flag it makes the snapshot known again, for another guest even when that definition says so.
public struct SnapshotDefinition: Sendable, Equatable {
  /// Where a part of the snapshot is kept.
  public struct Kind: OpenEnum {
    /// The word as it stands in the XML.
    public let rawValue: String
    /// Takes the word as it stands in the XML.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// Not at all.
    public static let none = Self("no")
    /// In the qcow2 image.
    public static let `internal` = Self("internal")
    /// In a file of its own.
    public static let external = Self("external")
    /// By the administrator; disks only.
    public static let manual = Self("manual")
  }

  /// The guest's state at the time.
  public struct State: OpenEnum {
    /// The word as it stands in the XML.
    public let rawValue: String
    /// Takes the word as it stands in the XML.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// It ran.
    public static let running = Self("running")
    /// It was paused.
    public static let paused = Self("paused")
    /// It was switched off.
    public static let shutOff = Self("shutoff")
    /// The snapshot holds disks alone.
    public static let diskSnapshot = Self("disk-snapshot")
  }

  /// How the memory is kept.
  public struct Memory: Sendable, Equatable {
    /// Where.
    public var kind: Kind?
    /// The file of an external one.
    public var file: String?
    /// What was read and is not known here.
    public var unknown = UnknownXML()

    /// Makes one.
    public init(kind: Kind?, file: String? = nil) {
      self.kind = kind
      self.file = file
    }
  }

  /// How a disk is kept.
  public struct Disk: Sendable, Equatable {
    /// The disk's target, like `vda`, or its file.
    public var name: String
    /// Where; nil for libvirt's default.
    public var kind: Kind?
    /// The type of an external one's source; nil for a file.
    public var type: String?
    /// The file of an external one, which the guest goes on with.
    public var file: String?
    /// The format of that file.
    public var format: DomainXML.Disk.Format?
    /// What was read and is not known here.
    public var unknown = UnknownXML()

    /// Makes one.
    public init(
      name: String, kind: Kind? = nil, type: String? = nil, file: String? = nil,
      format: DomainXML.Disk.Format? = nil
    ) {
      self.name = name
      self.kind = kind
      self.type = type
      self.file = file
      self.format = format
    }
  }

  /// The name, unique for a guest; nil lets libvirt take the time.
  public var name: String?
  /// A description.
  public var description: String?
  /// The guest's state at the time; only in what was read.
  public var state: State?
  /// When it was made, in seconds since 1970; only in what was read.
  public var creationTime: Int64?
  /// The name of the snapshot before it; only in what was read.
  public var parent: String?
  /// How the memory is kept; nil for libvirt's default.
  public var memory: Memory?
  /// How disks are kept; those not named follow libvirt's default. Nil writes no list.
  public var disks: [Disk]?
  /// The guest's definition at the time.
  public var domain: DomainDefinition?
  /// The definition that the guest would have had at its next start, where that differed.
  public var inactiveDomain: DomainDefinition?
  /// Namespaces declared on the root.
  public var namespaces: [XMLTree.Namespace]
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes a snapshot to create.
  public init(
    name: String? = nil, description: String? = nil, memory: Memory? = nil, disks: [Disk]? = nil,
    state: State? = nil, creationTime: Int64? = nil, parent: String? = nil, domain: DomainDefinition? = nil,
    inactiveDomain: DomainDefinition? = nil
  ) {
    self.name = name
    self.description = description
    self.state = state
    self.creationTime = creationTime
    self.parent = parent
    self.memory = memory
    self.disks = disks
    self.domain = domain
    self.inactiveDomain = inactiveDomain
    namespaces = []
  }
}
