import NestorSupport
import Testing

@Suite("Sizes as people read them")
struct SizeTextTests {
  @Test(
    "A size is written in its largest unit",
    arguments: [
      (0, "0 B"), (1, "1 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (1 << 20, "1 MiB"),
      (134_217_728, "128 MiB"), ((1 << 30) - 1, "1023.9 MiB"), (1 << 40, "1 TiB"), (1 << 50, "1 PiB"),
      (UInt64.max, "15.9 EiB"), (UInt64.max / 2 + 1, "8 EiB"),
    ] as [(UInt64, String)])
  func size(_ bytes: UInt64, _ text: String) {
    #expect(SizeText.short(bytes) == text)
    #expect(SizeText.short(Int64(clamping: bytes)) == (bytes > Int64.max ? "7.9 EiB" : text))
  }

  @Test("A file's size that is not known is none")
  func negative() {
    #expect(SizeText.short(-1) == "0 B")
  }
}
