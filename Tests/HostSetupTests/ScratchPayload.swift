import Glibc
import HostSetup
import NestorSupport

/// A folder with programs and templates to put into a container or an image; it goes with this object.
final class ScratchPayload {
  let folder: String

  init() throws {
    var template = Array("/tmp/nestor-payload-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemError("mkdtemp") }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    for name in ["nestor", "nestor-agent"] { try write(name, name, mode: 0o755) }
    try write("domains/base.yaml", "cpus: 1\n")
  }

  deinit { try? FileTree.remove(folder) }

  func write(_ name: String, _ text: String, mode: mode_t = 0o644) throws {
    try FileTree.makeDirectory(FileTree.parent(of: "\(folder)/\(name)"))
    try FileTree.write(Array(text.utf8), to: "\(folder)/\(name)", mode: mode)
  }

  func payload() throws -> Payload { try Payload(programs: folder, domains: "\(folder)/domains") }
}
