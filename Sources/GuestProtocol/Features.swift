/// What a peer can do beyond the frames that every version has; both sides use what both offer.
public struct Features: OptionSet, Sendable, Hashable {
  /// A bit for each feature.
  public let rawValue: UInt64

  /// Takes bits; those without a name are kept and mean nothing.
  public init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// Running programs with pipes.
  public static let exec = Features(rawValue: 1 << 0)
  /// Running programs on a terminal.
  public static let terminal = Features(rawValue: 1 << 1)
  /// Copying files in both directions.
  public static let copy = Features(rawValue: 1 << 2)
  /// Forwarding TCP connections and unix sockets.
  public static let forward = Features(rawValue: 1 << 3)
  /// Power off and reboot.
  public static let power = Features(rawValue: 1 << 4)
  /// Setting the clock.
  public static let clock = Features(rawValue: 1 << 5)
  /// Freezing and thawing file systems.
  public static let freeze = Features(rawValue: 1 << 6)
  /// Giving a cloned guest an identity of its own.
  public static let identity = Features(rawValue: 1 << 7)
  /// Reporting how far the guest's system is, as it changes.
  public static let watch = Features(rawValue: 1 << 8)

  /// All that this version's agent can do.
  public static let all: Features = [.exec, .terminal, .copy, .forward, .power, .clock, .freeze, .identity, .watch]
}

extension Features: FieldValue {
  public var fieldValue: MessageField.Value { rawValue.fieldValue }

  public init(_ field: MessageField) throws(ProtocolError) {
    self.init(rawValue: try UInt64(field))
  }
}
