import Glibc
import NestorSupport
import Processes

/// The read-only disk from which cloud-init in a guest takes its settings, an ISO 9660 file system.
struct SeedDisk {
  /// The volume's label; cloud-init looks for it.
  static let label = "CIDATA"

  let state: StateDirectory
  let uuid: String

  /// Makes the disk of the files in the guest's private folder, with the agent's program and key where it has one.
  func make(agent: String?) async throws {
    let folder = state.privateFolder(uuid)
    let names = try FileTree.names(in: "\(folder)/seed")
    var files = names.filter { !["vendor-data", SeedSettings.vendorConfigurationFile].contains($0) }
      .map { ($0, "\(folder)/seed/\($0)") }
    let configuration =
      names.contains(SeedSettings.vendorConfigurationFile)
      ? try FileTree.readText("\(folder)/seed/\(SeedSettings.vendorConfigurationFile)") : nil
    if let text = VendorData.text(hasAgent: agent != nil, configuration: configuration) {
      let vendorData = "\(folder)/seed/vendor-data"
      try FileTree.write(Array(text.utf8), to: vendorData, mode: 0o600)
      files.append(("vendor-data", vendorData))
    }
    if let agent { files += [("agent.key", state.agentKey(uuid)), ("nestor-agent", agent)] }
    let aside = "\(folder)/seed.new"
    try FileTree.remove(aside)
    // Rock Ridge keeps the names, and who may read what; -f follows links, and the agent's program may be one.
    try await Program("xorriso", package: "xorriso").run(
      [
        "-as", "mkisofs", "-quiet", "-V", Self.label, "-R", "-f", "-uid", "0", "-gid", "0", "-graft-points", "-o",
        aside,
      ]
        + files.map { "/\(Self.escaped($0.0))=\(Self.escaped($0.1))" })
    guard chmod(aside, 0o600) == 0 else { throw SystemError("chmod \(aside)") }
    try FileTree.rename(aside, to: state.seed(uuid))
  }

  /// A path as mkisofs takes it where `=` parts the two.
  private static func escaped(_ path: String) -> String {
    path.replacing("\\", with: "\\\\").replacing("=", with: "\\=")
  }
}
