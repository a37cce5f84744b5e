import Foundation
import Glibc
import Libvirt
import LibvirtTestSupport
import Testing

@Suite("Storage, by a real libvirtd", .privateLibvirtd)
struct StorageDaemonTests {
  /// Runs a body with a running pool of its own in a new folder, and takes both away afterwards.
  private func withPool(_ body: (StoragePool, String) async throws -> Void) async throws {
    let name = "pool-\(UUID().uuidString.prefix(8))"
    let folder = "/tmp/\(name)"
    let connection = try await Connection.open(PrivateLibvirtd.shared.uri)
    let pool = try await connection.createStoragePool(
      xml: "<pool type='dir'><name>\(name)</name><target><path>\(folder)</path></target></pool>", .build)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do {
      try await body(pool, folder)
    } catch {
      try? await pool.destroy()
      throw error
    }
    try await pool.destroy()
  }

  private func volume(_ name: String, _ capacity: Int, format: String = "raw") -> String {
    """
    <volume><name>\(name)</name><capacity unit='bytes'>\(capacity)</capacity><allocation>0</allocation>\
    <target><format type='\(format)'/></target></volume>
    """
  }

  @Test("a pool that is built with its start is found by its path, and its kinds are told")
  func pool() async throws {
    try await withPool { pool, folder in
      #expect(try await pool.connection.storagePool(targetPath: folder).uuid == pool.uuid)
      #expect(try await pool.info().available > 0)
      #expect(try await pool.connection.storagePoolCapabilities().contains("<pool type='dir'"))
      #expect(try await pool.xml(inactive: true).contains(folder))
      #expect(FileManager.default.createFile(atPath: "\(folder)/stranger.img", contents: Data(count: 512)))
      #expect(try await pool.volumes().isEmpty)
      try await pool.refresh()
      #expect(try await pool.volumes().map(\.name) == ["stranger.img"])
    }
  }

  @Test("a volume grows, shrinks only when told so, and is deleted from the disk")
  func resize() async throws {
    try await withPool { pool, folder in
      let volume = try await pool.createVolume(xml: volume("disk.qcow2", 1 << 20, format: "qcow2"))
      #expect(try await volume.path() == "\(folder)/disk.qcow2")
      try await volume.resize(to: 2 << 20)
      #expect(try await volume.info().capacity == 2 << 20)
      try await volume.resize(to: 1 << 20, .delta)
      #expect(try await volume.info().capacity == 3 << 20)
      let raw = try await pool.createVolume(xml: self.volume("raw.img", 1 << 20))
      await #expect(throws: LibvirtError.self) { try await raw.resize(to: 1 << 19) }
      try await raw.resize(to: 1 << 19, .shrink)
      #expect(try await raw.info().capacity == 1 << 19)
      try await volume.delete()
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/disk.qcow2"))
    }
  }

  @Test("the physical size is that of the file, the allocation that of its blocks")
  func sizes() async throws {
    try await withPool { pool, _ in
      let volume = try await pool.createVolume(xml: volume("sparse.img", 8 << 20))
      #expect(try await volume.info().allocation == 0)
      #expect(try await volume.info(physical: true).allocation == 8 << 20)
      #expect(try await volume.info().kind == .file)
    }
  }

  @Test("a volume takes what is uploaded and gives it back, whole or in part")
  func streams() async throws {
    try await withPool { pool, folder in
      let content = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
      let volume = try await pool.createVolume(xml: volume("disk.img", content.count))
      let upload = try await volume.upload()
      try await upload.send(content)
      try await upload.finish()
      #expect(try Data(contentsOf: URL(filePath: "\(folder)/disk.img")) == Data(content))
      let download = try await volume.download()
      #expect(try await download.receiveAll() == content)
      try await download.finish()
      let part = try await volume.download(offset: 1000, length: 5000)
      #expect(try await part.receiveAll() == Array(content[1000..<6000]))
      try await part.finish()
    }
  }

  @Test("a wiped volume holds zeros, and stays")
  func wipe() async throws {
    try await withPool { pool, folder in
      let volume = try await pool.createVolume(xml: volume("disk.img", 65536))
      let upload = try await volume.upload()
      try await upload.send([UInt8](repeating: 7, count: 65536))
      try await upload.finish()
      try await volume.wipe()
      #expect(try Data(contentsOf: URL(filePath: "\(folder)/disk.img")) == Data(count: 65536))
      // trim is for devices that know it: that this file does not shows that the algorithm arrives.
      let error = await #expect(throws: LibvirtError.self) { try await volume.wipe(.trim) }
      #expect(error?.call == "virStorageVolWipePattern")
    }
  }

  @Test("files with holes go up and down and keep their holes")
  func files() async throws {
    try await withPool { pool, folder in
      // A hole, data, a hole, data, a hole up to the end.
      let size = 16 << 20
      let source = "\(folder).source"
      let target = "\(folder)/copy.img"
      defer { try? FileManager.default.removeItem(atPath: source) }
      #expect(FileManager.default.createFile(atPath: source, contents: nil))
      let file = try #require(FileHandle(forWritingAtPath: source))
      for offset in [4 << 20, 10 << 20] {
        try file.seek(toOffset: UInt64(offset))
        try file.write(contentsOf: Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0 / 7) }))
      }
      try file.truncate(atOffset: UInt64(size))
      try file.close()
      let volume = try await pool.createVolume(xml: volume("disk.img", size))
      try await volume.upload(fromFile: source)
      #expect(try await volume.info().allocation < 1 << 20)
      try await volume.download(toFile: target)
      let content = try Data(contentsOf: URL(filePath: source))
      #expect(try Data(contentsOf: URL(filePath: "\(folder)/disk.img")) == content)
      #expect(try Data(contentsOf: URL(filePath: target)) == content)
      try await pool.refresh()
      #expect(try await pool.volume(named: "copy.img").info().allocation < 1 << 20)
    }
  }

  @Test("a file that is not there and a full device are told by their paths")
  func fileErrors() async throws {
    try await withPool { pool, _ in
      let volume = try await pool.createVolume(xml: volume("disk.img", 1 << 20))
      let missing = await #expect(throws: LibvirtError.self) { try await volume.upload(fromFile: "/nowhere/file") }
      #expect(missing?.code == .systemError)
      #expect(missing?.message == "/nowhere/file: No such file or directory")
      let upload = try await volume.upload()
      try await upload.send([UInt8](repeating: 1, count: 1 << 20))
      try await upload.finish()
      let full = await #expect(throws: LibvirtError.self) { try await volume.download(toFile: "/dev/full") }
      #expect(full?.message == "/dev/full: No space left on device")
      // The connection is as good as before.
      #expect(try await volume.info().capacity == 1 << 20)
    }
  }

  @Test("a transfer that is cancelled ends and leaves the connection usable")
  func cancellation() async throws {
    try await withPool { pool, folder in
      let volume = try await pool.createVolume(xml: volume("disk.img", 4 << 20))
      let upload = try await volume.upload()
      try await upload.send([UInt8](repeating: 1, count: 4 << 20))
      try await upload.finish()
      // A pipe holds far less than the volume, so the transfer is in its midst until somebody reads.
      let target = "\(folder).pipe"
      defer { unlink(target) }
      #expect(mkfifo(target, 0o600) == 0)
      let reader = open(target, O_RDONLY | O_NONBLOCK)
      defer { close(reader) }
      let task = Task { try await volume.download(toFile: target) }
      var buffer = [UInt8](repeating: 0, count: 4096)
      while read(reader, &buffer, 1) != 1 { await Task.yield() }
      task.cancel()
      // Nothing is left to read once the other side is closed.
      var count = 1
      while true {
        let taken = read(reader, &buffer, buffer.count)
        if taken == 0 { break }
        if taken > 0 { count += taken } else { await Task.yield() }
      }
      #expect(count < 4 << 20)
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(try await volume.info().capacity == 4 << 20)
    }
  }
}
