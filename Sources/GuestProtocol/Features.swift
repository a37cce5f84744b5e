/// What a peer can do beyond the frames that every version has; both sides use what both offer.
package struct Features: OptionSet, Sendable, Hashable {
  /// A bit for each feature.
  package let rawValue: UInt64

  /// Takes bits; those without a name are kept and mean nothing.
  package init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// Running programs with pipes.
  package static let exec = Features(rawValue: 1 << 0)
  /// Running programs on a terminal.
  package static let terminal = Features(rawValue: 1 << 1)
  /// Copying files in both directions.
  package static let copy = Features(rawValue: 1 << 2)
  /// Forwarding TCP connections and unix sockets.
  package static let forward = Features(rawValue: 1 << 3)
  /// Power off and reboot.
  package static let power = Features(rawValue: 1 << 4)
  /// Setting the clock.
  package static let clock = Features(rawValue: 1 << 5)
  /// Freezing and thawing file systems.
  package static let freeze = Features(rawValue: 1 << 6)
  /// Giving a cloned guest an identity of its own.
  package static let identity = Features(rawValue: 1 << 7)
  /// Reporting how far the guest's system is, as it changes.
  package static let watch = Features(rawValue: 1 << 8)

  /// All that this version's agent can do.
  package static let all: Features = [.exec, .terminal, .copy, .forward, .power, .clock, .freeze, .identity, .watch]
}

extension Features: FieldValue {
  package var fieldValue: MessageField.Value { rawValue.fieldValue }

  package init(_ field: MessageField) throws(ProtocolError) {
    self.init(rawValue: try UInt64(field))
  }
}
