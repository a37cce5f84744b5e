import NestorSupport
import Processes

/// Whether an image's files are what they were when it was made.
package struct ImageVerification: Sendable, Equatable {
  /// What became of one file.
  package struct File: Sendable, Equatable, Codable {
    /// The file's name.
    package let name: String
    /// What is wrong with it; nil where nothing is.
    package let problem: String?
  }

  /// The files in the order of their roles.
  package let files: [File]

  /// Whether nothing is wrong.
  package var isGood: Bool { files.allSatisfy { $0.problem == nil } }

  /// Looks at all files of an image: their sizes and checksums, and the inner structure of its disk.
  package init(_ image: Image, report: ProgressHandler = { _ in }) async throws {
    var files: [File] = []
    for (role, file) in image.record.files.sorted(by: { $0.key < $1.key }) {
      report(ProgressReport(image.name, "checking \(file.name)"))
      files.append(File(name: file.name, problem: try await Self.problem(image, role, file)))
    }
    self.files = files
  }

  private static func problem(_ image: Image, _ role: String, _ file: ImageRecord.File) async throws -> String? {
    let path = "\(image.directory)/\(file.name)"
    guard let size = FileTree.size(path) else { return "it is missing" }
    guard size == file.size else { return "it has \(size) bytes instead of \(file.size)" }
    let found = try await Checksum(of: path, .sha256)
    guard found.digits == file.sha256 else { return "its SHA-256 is \(found.digits) instead of \(file.sha256)" }
    guard role == "disk" else { return nil }
    do {
      try await Program("qemu-img", package: "qemu-utils").runLimited(
        ["check", "-q", "-f", "qcow2", "--", path], ProgramLimits(fileSize: 0))
    } catch let error as NestorError where error.code == .failed {
      return "qemu-img check: \(error.cause ?? "failed")"
    }
    return nil
  }
}
