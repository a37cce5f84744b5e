/// A setting that was changed, and since when that holds.
package struct SettingChange: Sendable, Equatable, Codable {
  /// When a change holds.
  package enum Effect: String, Sendable, Codable {
    /// From this moment on, and after later starts.
    case now
    /// From the next start on: it cannot be done to the guest while it runs.
    case nextStart = "at the next start"
  }

  /// The setting, by the name of the command's option.
  package var setting: String
  /// What it is now.
  package var value: String
  /// Since when.
  package var effect: Effect
  /// Why it could not be done at once.
  package var reason: String?
}
