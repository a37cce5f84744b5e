import Foundation
import Glibc
import LibvirtTestSupport
import TestSupport
import Testing

extension Lab {
  /// Gives guests a script for their agent that says on the console what it finds, and ends after a moment.
  ///
  /// Its line begins with `word`; then come the guest's UUID as in the key file, the modes of that file and its folder, and
  /// the SHA-256 of the file.
  func standInAgent(_ word: String, seconds: Int = 1) throws {
    let text = """
      #!/bin/sh
      key=/etc/nestor/agent.key
      sum=$(sha256sum $key | cut -d ' ' -f 1)
      echo "\(word) $(sed -n 's/^guest //p' $key) $(stat -c %a $key) $(stat -c %a ${key%/*}) $sum" >/dev/console
      sleep \(seconds)

      """
    try text.write(toFile: agent, atomically: true, encoding: .utf8)
    chmod(agent, 0o755)
  }

  /// The line that the stand-in agent has to say in a guest, by what the host knows of it.
  func agentLine(_ word: String, _ uuid: String, folder: String = "700") async throws -> String {
    let sum = try await daemon.runInside(["sha256sum", "\(state)/guests/\(uuid)/private/agent.key"])
    try #require(sum.status == 0, "\(sum.errors)")
    return "\(word) \(uuid) 600 \(folder) \(sum.output.prefix(64))"
  }

  /// Makes an image of an empty disk of a MiB, which boots nothing.
  func emptyDiskImage(_ name: String) async throws {
    let folder = "\(state)/images/\(name)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let made = try await daemon.runInside(["qemu-img", "create", "-q", "-f", "qcow2", "\(folder)/disk.qcow2", "1M"])
    try #require(made.status == 0, "\(made.errors)")
    let record = """
      {"kind": "disk", "description": "nothing", "created": "2026-01-01T00:00:00Z", "sources": [], "diskSize": 1048576,
       "files": {"disk": {"name": "disk.qcow2", "size": 196616, "sha256": "aa"}}}
      """
    try record.write(toFile: "\(folder)/image.json", atomically: true, encoding: .utf8)
  }
}
