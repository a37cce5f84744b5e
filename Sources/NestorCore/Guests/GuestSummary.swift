/// A guest as a list shows it, whether Nestor made it or not.
public struct GuestSummary: Sendable, Equatable, Codable {
  /// The guest's name.
  public var name: String
  /// Its UUID.
  public var uuid: String
  /// What it does at the moment.
  public var status: GuestStatus
  /// How many CPUs it has.
  public var cpus: Int
  /// Its memory in bytes.
  public var memory: UInt64
  /// The template it was made from; nil where Nestor did not make it.
  public var template: String?
}
