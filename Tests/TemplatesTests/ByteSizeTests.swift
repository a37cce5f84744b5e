import Templates
import Testing

@Suite("A size")
struct ByteSizeTests {
  @Test(
    "is read with its unit, as libvirt counts",
    arguments: [
      ("0B", 0), ("4096B", 4096), ("1K", 1024), ("1KiB", 1024), ("1KB", 1000), ("512MiB", 512 << 20), ("3M", 3 << 20),
      ("5MB", 5_000_000), ("1 GiB", 1 << 30), ("10G", 10 << 30), ("2TiB", 2 << 40), ("1PiB", 1 << 50),
      ("15EiB", 15 << 60),
    ] as [(String, UInt64)])
  func readsUnits(text: String, bytes: UInt64) throws {
    #expect(try ByteSize(parsing: text).bytes == bytes)
  }

  @Test(
    "is refused when it is unclear or too large",
    arguments: [
      ("", .notASize), ("GiB", .notASize), ("-1GiB", .negative), ("512", .noUnit), ("1.5GiB", .fraction),
      ("1  GiB", .unknownUnit(" GiB")), ("1gib", .unknownUnit("gib")), ("16EiB", .tooLarge),
      ("99999999999999999999999999B", .tooLarge), ("18446744073709551616B", .tooLarge), ("1GiB ", .unknownUnit("GiB ")),
      ("١GiB", .notASize),
    ] as [(String, ByteSizeError.Reason)])
  func refuses(text: String, reason: ByteSizeError.Reason) {
    #expect(throws: ByteSizeError(text: text, reason: reason)) { try ByteSize(parsing: text) }
  }

  @Test("shows the largest binary unit that is exact")
  func describes() {
    #expect(ByteSize(bytes: 0).description == "0B")
    #expect(ByteSize(bytes: 1000).description == "1000B")
    #expect(ByteSize(bytes: 1536 << 20).description == "1536MiB")
    #expect(ByteSize.gibibytes(4).description == "4GiB")
    #expect(ByteSize(bytes: .max).description == "18446744073709551615B")
    #expect(ByteSize.tebibytes(.max).bytes == .max)
  }

  @Test("comes back from its own text", arguments: [0, 1, 1023, 1024, 1 << 20, 3 << 29, 1 << 63, UInt64.max])
  func roundTrips(bytes: UInt64) throws {
    #expect(try ByteSize(parsing: ByteSize(bytes: bytes).description).bytes == bytes)
  }

  @Test("a wrong unit's hint names the right one")
  func hints() {
    #expect(ByteSizeError(text: "1gib", reason: .unknownUnit("gib")).hint == "did you mean 'GiB'?")
    #expect(ByteSizeError(text: "512", reason: .noUnit).hint == "write 512MiB or 512GiB")
  }
}
