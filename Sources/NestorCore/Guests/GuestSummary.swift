/// A guest as a list shows it, whether Nestor made it or not.
package struct GuestSummary: Sendable, Equatable, Codable {
  /// The guest's name.
  package var name: String
  package var uuid: String
  /// What it does at the moment.
  package var status: GuestStatus
  /// How many CPUs it has.
  package var cpus: Int
  /// Its memory in bytes.
  package var memory: UInt64
  /// The template it was made from; nil where Nestor did not make it.
  package var template: String?
}
