/// A disk of a guest as a list shows it.
package struct DiskSummary: Sendable, Equatable, Codable {
  /// The name by which it is attached, such as `vda`.
  package var target: String
  /// The bus that the guest finds it on.
  package var bus: String
  package var format: String
  /// Its size in bytes, as the guest sees it; nil where that cannot be told.
  package var size: UInt64?
  /// Whether the guest can only read it.
  package var isReadOnly: Bool
  /// Its file; nil for an empty drive.
  package var source: String?
  /// What it is for, where Nestor itself needs it: `snapshots` or `settings`.
  package var purpose: String?
}
