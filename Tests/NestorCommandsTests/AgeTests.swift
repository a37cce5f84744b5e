import Testing

@testable import NestorCommands

@Suite("An age")
struct AgeTests {
  @Test("is a number with its unit")
  func good() throws {
    #expect(try Age.seconds("90s") == 90 && Age.seconds("5m") == 300 && Age.seconds("2h") == 7200)
    #expect(try Age.seconds("7d") == 604_800 && Age.seconds("1w") == 604_800 && Age.seconds("0s") == 0)
  }

  @Test("is nothing else", arguments: ["", "7", "d", "-1d", "1.5h", "7 d", "7D", "99999d", "99999999999w", "٣d"])
  func refused(text: String) {
    #expect(throws: (any Error).self) { try Age.seconds(text) }
  }
}
