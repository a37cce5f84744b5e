/// A snapshot as a list shows it.
public struct SnapshotSummary: Sendable, Equatable, Codable {
  /// The snapshot's name.
  public var name: String
  /// The moment that it holds, in ISO 8601 and UTC.
  public var created: String
  /// What the guest did at that moment, in libvirt's words.
  public var state: String
  /// The snapshot that it was made after.
  public var parent: String?
  /// Whether the guest went on from here.
  public var isCurrent: Bool
  /// The line that was given with it.
  public var description: String?
}
