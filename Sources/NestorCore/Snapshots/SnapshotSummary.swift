import DomainXML
import FoundationEssentials

/// A snapshot as a list shows it.
package struct SnapshotSummary: Sendable, Equatable, Codable {
  /// The snapshot's name.
  package var name: String
  /// The moment that it holds, in ISO 8601 and UTC.
  package var created: String
  /// What the guest did at that moment, in libvirt's words.
  package var state: String
  /// The snapshot that it was made after.
  package var parent: String?
  /// Whether the guest went on from here.
  package var isCurrent: Bool
  /// The line that was given with it.
  package var description: String?
  /// Whether the disks went on in files of their own then, and the memory was not kept.
  package var isInFiles: Bool

  init(_ definition: SnapshotDefinition, name: String, isCurrent: Bool) {
    self.name = name
    created = Date(timeIntervalSince1970: Double(definition.creationTime ?? 0)).formatted(.iso8601)
    state = definition.state?.rawValue ?? "unknown"
    parent = definition.parent
    self.isCurrent = isCurrent
    description = definition.description
    isInFiles = definition.isInFiles
  }

  package init(
    name: String, created: String, state: String, parent: String?, isCurrent: Bool, description: String?,
    isInFiles: Bool = false
  ) {
    self.name = name
    self.created = created
    self.state = state
    self.parent = parent
    self.isCurrent = isCurrent
    self.description = description
    self.isInFiles = isInFiles
  }
}
