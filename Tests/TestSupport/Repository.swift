import Foundation

/// The repository that the tests were built from.
public enum Repository {
  /// Its folder.
  public static let path = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// The path of one of its scripts.
  public static func script(_ name: String) -> String { "\(path)/scripts/\(name)" }
}
