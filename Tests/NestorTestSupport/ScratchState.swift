import Foundation
import Glibc
import NestorSupport
import Templates
import Testing

/// State folders for one test, removed with it; `tiny` is an image of two empty files.
package final class ScratchState: Sendable {
  package let folder: String
  package let state: StateDirectory

  package init() throws {
    var template = Array("/tmp/nestor-core-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    state = StateDirectory(root: "\(folder)/state", runtime: "\(folder)/run")
    try FileTree.makeDirectory("\(state.images)/tiny")
    try FileTree.write(Array(Self.record.utf8), to: "\(state.images)/tiny/image.json")
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  package static let record = """
    {"kind": "kernel", "description": "two files", "created": "2026-01-01T00:00:00Z", "sources": ["linux"],
     "files": {"kernel": {"name": "kernel", "size": 3, "sha256": "aa"},
               "initramfs": {"name": "initramfs", "size": 4, "sha256": "bb"}}}
    """

  /// Makes an image that is a disk of 2 GiB, without any file of it.
  package func addDiskImage(_ name: String) throws {
    try write(
      "state/images/\(name)/image.json",
      """
      {"kind": "disk", "description": "a disk", "created": "2026-01-01T00:00:00Z", "sources": [], "diskSize": 2147483648,
       "files": {"disk": {"name": "disk.qcow2", "size": 9, "sha256": "cc"}}}
      """)
  }

  /// Writes a file below the folder and answers with its path.
  @discardableResult
  package func write(_ name: String, _ text: String) throws -> String {
    let path = "\(folder)/\(name)"
    try FileTree.makeDirectory(FileTree.parent(of: path))
    try FileTree.write(Array(text.utf8), to: path)
    return path
  }

  /// A template's text, loaded from the file `it.yaml`.
  package func template(_ text: String, parameters: [String: String] = [:]) throws -> ResolvedTemplate {
    try write("it.yaml", text)
    return try TemplateLibrary(searchPath: [folder]).load("it", parameters: parameters)
  }

  /// The names of all files below the folder.
  package func files() -> [String] {
    (FileManager.default.enumerator(atPath: folder)?.allObjects ?? []).map { "\($0)" }.sorted()
  }
}
