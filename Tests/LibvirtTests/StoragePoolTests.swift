import Libvirt
import Testing

@Suite("StoragePool, by the test driver")
struct StoragePoolTests {
  let second = """
    <pool type='dir'><name>second</name><uuid>33a5c045-645a-2c00-e56b-927cdf34e17a</uuid>\
    <target><path>/second</path></target></pool>
    """

  @Test("a pool is found by name, UUID and path, and listed")
  func lookup() async throws {
    let connection = try await TestHost.open()
    let pool = try await connection.storagePool(named: "place")
    #expect(pool.uuid == "dfe224cb-28fb-8dd0-c4b2-64eb3f0f4566")
    #expect(try await connection.storagePool(uuid: pool.uuid).name == "place")
    #expect(try await connection.storagePools().map(\.name) == ["place"])
    #expect(try await connection.storagePools([.active, .directory]).map(\.name) == ["place"])
    #expect(try await connection.storagePools(.rbd).isEmpty)
  }

  @Test("a pool that is not there is an error with its own code")
  func missing() async throws {
    let connection = try await TestHost.open()
    let error = await #expect(throws: LibvirtError.self) { try await connection.storagePool(named: "nowhere") }
    #expect(error?.code == .noStoragePool)
  }

  @Test("a pool is defined, built, started, refreshed, stopped, deleted and undefined")
  func life() async throws {
    let connection = try await TestHost.open()
    let pool = try await connection.defineStoragePool(xml: second, validate: true)
    #expect(try await pool.isPersistent())
    #expect(try await pool.info().state == .inactive)
    try await pool.build()
    try await pool.start()
    #expect(try await pool.isActive())
    #expect(try await pool.info().state == .running)
    try await pool.refresh()
    try await pool.destroy()
    #expect(try await pool.isActive() == false)
    try await pool.delete()
    try await pool.undefine()
    #expect(try await connection.storagePools().map(\.name) == ["place"])
  }

  @Test("a created pool is gone when it is stopped")
  func transient() async throws {
    let connection = try await TestHost.open()
    let pool = try await connection.createStoragePool(xml: second)
    #expect(try await pool.isPersistent() == false)
    try await pool.destroy()
    #expect(try await connection.storagePools().map(\.name) == ["place"])
  }

  @Test("sizes are in bytes and add up")
  func info() async throws {
    let info = try await TestHost.open().storagePool(named: "place").info()
    #expect(info.capacity == info.allocation + info.available)
    #expect(info.allocation == 50000)
  }

  @Test("autostart is off until it is set")
  func autostart() async throws {
    let pool = try await TestHost.open().defineStoragePool(xml: second)
    #expect(try await pool.autostart() == false)
    try await pool.setAutostart(true)
    #expect(try await pool.autostart())
    #expect(try await pool.connection.storagePools(.autostart).map(\.name) == ["second"])
  }

  @Test("the XML names the place")
  func xml() async throws {
    let pool = try await TestHost.open().storagePool(named: "place")
    #expect(try await pool.xml().contains("<path>/place</path>"))
  }

  @Test("what the host offers for a pool is told")
  func offers() async throws {
    let connection = try await TestHost.open()
    let sources = try await connection.storagePoolSources(type: "logical")
    #expect(sources.contains("<source>"))
  }

  @Test("the steps of a pool's life and its refreshes are told")
  func events() async throws {
    let connection = try await TestHost.open()
    let events = try await connection.storagePoolEvents()
    let refreshes = try await connection.storagePoolRefreshes()
    let pool = try await connection.defineStoragePool(xml: second)
    try await pool.build()
    try await pool.start()
    try await pool.refresh()
    try await pool.destroy()
    try await pool.delete()
    try await pool.undefine()
    var kinds: [StoragePoolEvent.Kind] = []
    for try await event in events {
      #expect(event.pool.name == "second")
      kinds.append(event.kind)
      if event.kind == .undefined { break }
    }
    #expect(kinds == [.defined, .created, .started, .stopped, .deleted, .undefined])
    var iterator = refreshes.makeAsyncIterator()
    let refresh = try #require(try await iterator.next())
    #expect(refresh.kind == .refreshed)
    #expect(refresh.pool.name == "second")
  }
}
