import CLibvirt
import Foundation
import LibvirtTestSupport
import Testing

@testable import Libvirt

/// Far more bytes than a stream keeps, both ways, by a volume's content.
@Suite("A stream of many bytes", .privateLibvirtd, .timeLimit(.minutes(20)))
struct StreamFlowTests {
  private static let size = 6 << 20

  @Test("carries all of them up and down, in order, though its reader is late")
  func flow() async throws {
    try await TestGuest.withFolder { folder in
      let connection = try await Connection.open(PrivateLibvirtd.shared.uri)
      try Data(count: Self.size).write(to: URL(fileURLWithPath: "\(folder)/volume"))
      let name = "pool-\(UUID().uuidString.prefix(8))"
      let handle = try await connection.call { connection in
        let xml = "<pool type='dir'><name>\(name)</name><target><path>\(folder)</path></target></pool>"
        let pool = try Calls.check("virStoragePoolCreateXML", virStoragePoolCreateXML(connection, xml, 0))
        defer { virStoragePoolFree(pool) }
        let volume = try Calls.check("virStorageVolLookupByName", virStorageVolLookupByName(pool, "volume"))
        return Handle(volume) { virStorageVolFree($0) }
      }
      var bytes = [UInt8](repeating: 0, count: Self.size)
      for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: index &* 31 ^ index >> 9) }

      let up = try await connection.call { connection in
        try Stream(connection, .sending) {
          try Calls.check("virStorageVolUpload", virStorageVolUpload(handle.pointer, $0, 0, UInt64(Self.size), 0))
        }
      }
      try await up.send(bytes)
      try await up.finish()
      #expect(FileManager.default.contents(atPath: "\(folder)/volume") == Data(bytes))

      let down = try await connection.call { connection in
        try Stream(connection, .receiving) {
          try Calls.check("virStorageVolDownload", virStorageVolDownload(handle.pointer, $0, 0, UInt64(Self.size), 0))
        }
      }
      // Read nothing until no more is taken in.
      while !down.inbox.fill.isPaused { await Task.yield() }
      #expect(down.inbox.fill.count < 2 << 20)
      #expect(try await down.receiveAll() == bytes)
      try await down.finish()

      let limited = try await connection.call { connection in
        try Stream(connection, .receiving) {
          try Calls.check("virStorageVolDownload", virStorageVolDownload(handle.pointer, $0, 0, UInt64(Self.size), 0))
        }
      }
      let error = await #expect(throws: LibvirtError.self) { try await limited.receiveAll(limit: 100_000) }
      #expect(error?.message.contains("100000") == true)
      try await limited.abort()
      try await connection.storagePool(named: name).destroy()
    }
  }
}
