/// The guest's clock (https://libvirt.org/formatdomain.html#time-keeping).
public struct DomainClock: Sendable, Equatable {
  /// What the clock shows at start.
  public struct Offset: OpenEnum {
    /// The word as it stands in the XML.
    public let rawValue: String
    /// Takes the word as it stands in the XML.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// Universal time.
    public static let utc = Self("utc")
    /// The host's local time.
    public static let localTime = Self("localtime")
    /// Local time in a zone.
    public static let timezone = Self("timezone")
    /// A difference that the guest may change and libvirt remembers.
    public static let variable = Self("variable")
    /// A fixed moment.
    public static let absolute = Self("absolute")
  }

  /// A source of time.
  public struct Timer: Sendable, Equatable {
    /// Its name: `rtc`, `pit`, `hpet`, `kvmclock`, `tsc`.
    public var name: String
    /// Whether the guest has it.
    public var isPresent: Bool?
    /// What happens to ticks that were missed: `delay`, `catchup`, `merge`, `discard`.
    public var tickPolicy: String?
    /// What was read and is not known here.
    public var unknown = UnknownXML()

    /// Makes one.
    public init(_ name: String, present: Bool? = nil, tickPolicy: String? = nil) {
      self.name = name
      isPresent = present
      self.tickPolicy = tickPolicy
    }
  }

  /// What the clock shows at start; nil is libvirt's default, universal time.
  public var offset: Offset?
  /// Sources of time that are not the defaults.
  public var timers: [Timer]
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes a clock.
  public init(offset: Offset? = .utc, timers: [Timer] = []) {
    self.offset = offset
    self.timers = timers
  }
}

extension DomainClock {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    self.init()
    offset = reader.word("offset")
    timers = try reader.values("timer") { reader throws(DomainXMLError) in
      guard let name = reader.attribute("name") else { throw reader.missing("a name") }
      var timer = Timer(name)
      timer.isPresent = try reader.flag("present")
      timer.tickPolicy = reader.attribute("tickpolicy")
      timer.unknown = reader.unknown
      return timer
    }
    unknown = reader.unknown
  }

  func write(to tree: inout XMLTree) {
    tree.put("offset", offset)
    for timer in timers {
      tree.add("timer") { tree in
        tree.put("name", timer.name)
        tree.put("tickpolicy", timer.tickPolicy)
        tree.put("present", yes: timer.isPresent)
        timer.unknown.merge(into: &tree)
      }
    }
    unknown.merge(into: &tree)
  }
}
