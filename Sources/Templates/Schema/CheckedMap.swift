/// A map that has passed the checks of its table.
struct CheckedMap: Sendable {
  /// Where the map begins.
  var location: SourceLocation
  var values: [String: CheckedValue] = [:]
  /// Where each key stands that was written.
  var keyLocations: [String: SourceLocation] = [:]
  /// Where each value stands that was written.
  var valueLocations: [String: SourceLocation] = [:]
  /// Whether a parameter that is not known stands for one of the values.
  var isIncomplete = false

  /// An empty map: each key has its default.
  static let empty = CheckedMap(location: SourceLocation(file: ""))

  /// A key's value, or its default.
  subscript<Value>(key: Key<Value>) -> Value {
    values[key.name].flatMap(key.codec.read) ?? key.fallback
  }

  /// Whether a key was written, with a value other than null.
  func has<Value>(_ key: Key<Value>) -> Bool {
    values[key.name] != nil
  }

  /// Where a key stands, or else the map.
  func place<Value>(of key: Key<Value>) -> SourceLocation {
    keyLocations[key.name] ?? location
  }
}
