import ArgumentParser
import Libvirt
import NestorCore
import NestorImages
import Templates

extension CompletionKind {
  /// The names of all guests.
  static var guests: CompletionKind {
    .custom { _, _, _ in await LiveNames.guests() }
  }

  /// The names of the snapshots of the guest that stands before on the command line.
  static var snapshots: CompletionKind {
    .custom { words, index, _ in await LiveNames.snapshots(of: index > 0 ? words[index - 1] : "") }
  }

  /// The names of all guests, and behind one with a slash those of its snapshots: `GUEST/SNAPSHOT`.
  static var guestsAndSnapshots: CompletionKind {
    .custom { _, _, prefix in
      guard let slash = prefix.firstIndex(of: "/") else { return await LiveNames.guests() }
      let guest = String(prefix[..<slash])
      return await LiveNames.snapshots(of: guest).map { "\(guest)/\($0)" }
    }
  }

  /// The names of all templates.
  static var templates: CompletionKind {
    .custom { _, _, _ in await LiveNames.templates() }
  }

  /// The names of all networks.
  static var networks: CompletionKind {
    .custom { _, _, _ in await LiveNames.networks() }
  }

  /// The names of all images.
  static var images: CompletionKind {
    .custom { _, _, _ in await LiveNames.images() }
  }

  /// The names of all images that can be pulled.
  static var catalogue: CompletionKind {
    .custom { _, _, _ in ((try? ImageBuilder.catalogue())?.entries ?? []).map(\.name) }
  }
}

/// Names as they are at the moment; a shell that asks for them gets none rather than an error.
enum LiveNames {
  static func guests() async -> [String] {
    guard let connection = try? await Connection.open(Hypervisor.defaultURI, readOnly: true) else { return [] }
    return ((try? await connection.domains()) ?? []).map(\.name).sorted()
  }

  static func snapshots(of guest: String) async -> [String] {
    guard let connection = try? await Connection.open(Hypervisor.defaultURI, readOnly: true),
      let domain = try? await connection.domain(named: guest)
    else { return [] }
    return ((try? await domain.snapshots()) ?? []).map(\.name).sorted()
  }

  static func templates() async -> [String] {
    TemplateFolders.library().list().map(\.name)
  }

  static func networks() async -> [String] {
    guard let connection = try? await Connection.open(Hypervisor.defaultURI, readOnly: true) else { return [] }
    return ((try? await connection.networks()) ?? []).map(\.name).sorted()
  }

  static func images() async -> [String] {
    ((try? ImageStore(.fromEnvironment()).list()) ?? []).map(\.name)
  }
}
