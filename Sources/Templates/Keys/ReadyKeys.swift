/// The keys of `ready`.
enum ReadyKeys {
  static let console = Key(
    "console", Codec.optional(.text(.notEmpty)), default: nil,
    "A part of a line that the guest prints on its console when it is up.")
  static let timeout = Key(
    "timeout", .integer(1...86400), default: 300,
    "How long --wait and nestor wait wait for it to be up, in seconds; --timeout overrides it.")
  static let table = KeyTable("ready", [console.description, timeout.description])

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.Ready {
    GuestTemplate.Ready(console: map[console], timeout: .seconds(map[timeout]))
  }
}
