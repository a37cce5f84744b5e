import Templates
import Testing

@Suite("A size")
struct ByteSizeTests {
  @Test(
    "is read with its unit",
    arguments: [("512MiB", 512 << 20), ("1 GiB", 1 << 30), ("10G", 10 << 30), ("1KB", 1000)])
  func readsUnits(text: String, bytes: UInt64) throws {
    #expect(try ByteSize(parsing: text).bytes == bytes)
  }
}
