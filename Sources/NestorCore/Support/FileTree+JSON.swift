import FoundationEssentials
import Glibc
import NestorSupport

extension FileTree {
  /// The value that a file holds as JSON; nil where there is none that can be read.
  static func value<Value: Decodable>(in path: String, limit: Int) -> Value? {
    guard let bytes = try? read(path, limit: limit) else { return nil }
    return try? JSONDecoder().decode(Value.self, from: Data(bytes))
  }

  /// Writes a value as JSON, see ``write(_:to:mode:owner:)``.
  static func write(json value: some Encodable, to path: String, mode: mode_t = 0o644) throws {
    try write(try JSONEncoder().encode(value), to: path, mode: mode)
  }
}
