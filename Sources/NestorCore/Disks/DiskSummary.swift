/// A disk of a guest as a list shows it.
public struct DiskSummary: Sendable, Equatable, Codable {
  /// The name by which it is attached, such as `vda`.
  public var target: String
  /// The bus that the guest finds it on.
  public var bus: String
  /// Its format.
  public var format: String
  /// Its size in bytes, as the guest sees it; nil where that cannot be told.
  public var size: UInt64?
  /// Whether the guest can only read it.
  public var isReadOnly: Bool
  /// Its file; nil for an empty drive.
  public var source: String?
  /// What it is for, where Nestor itself needs it: `snapshots` or `settings`.
  public var purpose: String?
}
