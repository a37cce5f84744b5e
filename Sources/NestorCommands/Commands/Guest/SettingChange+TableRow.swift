import CommandLineKit
import NestorCore

extension SettingChange: TableRow {
  /// The headings.
  public static var columns: [String] { ["SETTING", "VALUE", "HOLDS", "WHY"] }

  /// The row.
  public var cells: [String] { [setting, value, effect.rawValue, reason ?? "-"] }

  /// What `--quiet` prints.
  public var name: String { setting }
}
