/// The keys of `balloon`.
enum BalloonKeys {
  static let enabled = Key("enabled", .boolean, default: true, "Whether the guest has a memory balloon.")
  static let statsPeriod = Key(
    "statsPeriod", .integer(0...86400), default: 10, "How often the guest tells of its memory, in seconds; 0 is never.")
  static let freePageReporting = Key(
    "freePageReporting", .boolean, default: true,
    "Whether the guest tells of memory that it has freed, which the host then gets back.")
  static let table = KeyTable(
    "balloon", [enabled.description, statsPeriod.description, freePageReporting.description])

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.Balloon {
    GuestTemplate.Balloon(
      enabled: map[enabled], statsPeriod: map[statsPeriod], freePageReporting: map[freePageReporting])
  }
}
