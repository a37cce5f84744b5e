import Libvirt
import Testing

@Suite("StorageVolume, by the test driver")
struct StorageVolumeTests {
  let image = """
    <volume><name>new.img</name><capacity unit='bytes'>4096</capacity>\
    <allocation>0</allocation></volume>
    """

  @Test("a volume is found by name, key and path, and listed")
  func lookup() async throws {
    let connection = try await TestHost.open()
    let pool = try await connection.storagePool(named: "place")
    let volume = try await pool.volume(named: "disk.img")
    #expect(volume.key == "/place/disk.img")
    #expect(try await volume.path() == "/place/disk.img")
    #expect(try await connection.storageVolume(key: volume.key).name == "disk.img")
    #expect(try await connection.storageVolume(path: "/place/disk.img").name == "disk.img")
    #expect(try await pool.volumes().map(\.name) == ["disk.img"])
    #expect(try await volume.pool().name == "place")
  }

  @Test("a volume that is not there is an error with its own code")
  func missing() async throws {
    let pool = try await TestHost.open().storagePool(named: "place")
    let error = await #expect(throws: LibvirtError.self) { try await pool.volume(named: "nowhere") }
    #expect(error?.code == .noStorageVolume)
  }

  @Test("a volume is made, copied and deleted")
  func creation() async throws {
    let pool = try await TestHost.open().storagePool(named: "place")
    let volume = try await pool.createVolume(xml: image)
    #expect(try await volume.info().capacity == 4096)
    let copy = try await pool.createVolume(
      xml: image.replacing("new.img", with: "copy.img"), copying: volume)
    #expect(try await pool.volumes().count == 3)
    try await copy.delete()
    #expect(try await pool.volumes().map(\.name).sorted() == ["disk.img", "new.img"])
  }

  @Test("kind, sizes and XML are told")
  func properties() async throws {
    let volume = try await TestHost.open().storagePool(named: "place").volume(named: "disk.img")
    #expect(
      try await volume.info()
        == StorageVolumeInfo(kind: .file, capacity: 1_000_000, allocation: 50000))
    #expect(try await volume.xml().contains("<name>disk.img</name>"))
  }
}
