/// A setting that was changed, and since when that holds.
public struct SettingChange: Sendable, Equatable, Codable {
  /// When a change holds.
  public enum Effect: String, Sendable, Codable {
    /// From this moment on, and after later starts.
    case now
    /// From the next start on: it cannot be done to the guest while it runs.
    case nextStart = "at the next start"
  }

  /// The setting, by the name of the command's option.
  public var setting: String
  /// What it is now.
  public var value: String
  /// Since when.
  public var effect: Effect
  /// Why it could not be done at once.
  public var reason: String?
}
