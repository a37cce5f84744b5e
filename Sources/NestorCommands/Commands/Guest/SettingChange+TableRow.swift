import CommandLineKit
import NestorCore

extension SettingChange: TableRow {
  /// The headings.
  package static var columns: [String] { ["SETTING", "VALUE", "HOLDS", "WHY"] }

  package var cells: [String] { [setting, value, effect.rawValue, reason ?? "-"] }

  /// What `--quiet` prints.
  package var name: String { setting }
}
