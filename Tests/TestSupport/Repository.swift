import Foundation

/// The repository that the tests were built from.
package enum Repository {
  /// Its folder.
  package static let path = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// The path of one of its scripts.
  package static func script(_ name: String) -> String { "\(path)/scripts/\(name)" }
}
