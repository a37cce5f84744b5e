/// The keys of `watchdog`.
enum WatchdogKeys {
  static let model = Key(
    "model", Codec<GuestTemplate.Watchdog.Model>.choice, default: .none,
    "The device that the guest sees; itco needs libvirt 9.1.")
  static let action = Key(
    "action", Codec<GuestTemplate.Watchdog.Action>.choice, default: .reset,
    "What happens when the guest stops answering.")
  static let table = KeyTable("watchdog", [model.description, action.description])

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.Watchdog {
    GuestTemplate.Watchdog(model: map[model], action: map[action])
  }
}
