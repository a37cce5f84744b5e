import DomainXML
import NestorSupport

/// What a NIC of a guest is named by on the command line: its place in the list, or its MAC address.
enum NICSelector {
  /// The NIC that a word names among others.
  static func find(_ word: String, among interfaces: [NetworkInterface], of guest: String) throws -> NetworkInterface {
    if let index = Int(word), word.utf8.allSatisfy({ (48...57).contains($0) }) {
      if interfaces.indices.contains(index) { return interfaces[index] }
    } else if let found = interfaces.first(where: { $0.mac?.lowercased() == word.lowercased() }) {
      return found
    }
    throw NestorError(
      .notFound, "guest '\(guest)' has no NIC '\(word)'",
      hint: interfaces.isEmpty
        ? "it has none at all"
        : "it has \(interfaces.enumerated().map { "\($0) (\($1.mac ?? "-"))" }.joined(separator: ", "))")
  }
}
