/// The keys of `console`.
enum ConsoleKeys {
  static let log = Key("log", .boolean, default: true, "Whether all that the guest writes is kept in a log file.")
  static let table = KeyTable("console", [log.description])

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.Console {
    GuestTemplate.Console(log: map[log])
  }
}
