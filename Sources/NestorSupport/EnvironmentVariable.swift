import Glibc

/// The variables of this process's environment.
package enum EnvironmentVariable {
  /// A variable's value; nil where it is not set, or empty.
  package static func value(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}
